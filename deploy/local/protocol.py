"""Two requests of Kafka's protocol as we need them: AlterUserScramCredentials (KIP-554), which aiokafka does not know,
and CreateAcls with more than one ACL, which it does not make."""

from typing import NamedTuple

from aiokafka.protocol.admin import CreateAclsRequest_v1
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.types import (
    CompactArray,
    CompactBytes,
    CompactString,
    Int8,
    Int16,
    Int32,
    Schema,
    TaggedFields,
)

API_KEY, SHA_512 = 51, 2
ANY_HOST, ALLOW = "*", 3


class Acl(NamedTuple):
    """One permission (KIP-140, KIP-290): kind of resource, its name, literal or prefix, who, and what they may do."""

    resource: int
    name: str
    pattern: int
    principal: str
    operation: int


class Upsertion(NamedTuple):
    """The credentials of one user, new or anew; the password itself is not sent."""

    name: str
    mechanism: int
    iterations: int
    salt: bytes
    salted: bytes
    tags: dict[int, bytes]


class AlterScramResponse_v0(Response):  # type: ignore[misc]
    """An error code for each user."""

    API_KEY = API_KEY
    API_VERSION = 0
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        (
            "results",
            CompactArray(
                ("user", CompactString("utf-8")),
                ("error_code", Int16),
                ("error_message", CompactString("utf-8")),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class AlterScramRequest_v0(RequestStruct):  # type: ignore[misc]
    """Credentials to forget and to set."""

    FLEXIBLE_VERSION = True
    API_KEY = API_KEY
    API_VERSION = 0
    RESPONSE_TYPE = AlterScramResponse_v0
    SCHEMA = Schema(
        (
            "deletions",
            CompactArray(("name", CompactString("utf-8")), ("mechanism", Int8), ("tags", TaggedFields)),
        ),
        (
            "upsertions",
            CompactArray(
                ("name", CompactString("utf-8")),
                ("mechanism", Int8),
                ("iterations", Int32),
                ("salt", CompactBytes),
                ("salted", CompactBytes),
                ("tags", TaggedFields),
            ),
        ),
        ("tags", TaggedFields),
    )


class AlterScram(Request[AlterScramRequest_v0]):  # type: ignore[misc]
    """Sets the credentials of these users."""

    API_KEY = API_KEY

    def __init__(self, upsertions: list[Upsertion]) -> None:
        self._upsertions = upsertions

    def build(self, request: type[AlterScramRequest_v0]) -> AlterScramRequest_v0:
        """The request in its only version."""
        return request([], self._upsertions, {})


class CreateAcls(Request[CreateAclsRequest_v1]):  # type: ignore[misc]
    """Adds these permissions; those that are there stay as they are."""

    API_KEY = CreateAclsRequest_v1.API_KEY

    def __init__(self, acls: list[Acl]) -> None:
        self._acls = acls

    def build(self, request: type[CreateAclsRequest_v1]) -> CreateAclsRequest_v1:
        """The request in its only version here."""
        return request([(*acl[:4], ANY_HOST, acl.operation, ALLOW) for acl in self._acls])
