"""The broker's address, with who we are there: `host:port`, or `sasl://user:password@host:port` for SCRAM-SHA-512."""

from typing import NotRequired, TypedDict

from faststream.security import SASLScram512

SCHEME = "sasl://"


class Connection(TypedDict):
    """What every client of aiokafka takes as keywords."""

    bootstrap_servers: str
    security_protocol: NotRequired[str]
    sasl_mechanism: NotRequired[str]
    sasl_plain_username: NotRequired[str]
    sasl_plain_password: NotRequired[str]


def reach(address: str) -> Connection:
    """As in `AIOKafkaProducer(**reach(address))`."""
    if not address.startswith(SCHEME):
        return {"bootstrap_servers": address}
    who, _, hosts = address.removeprefix(SCHEME).rpartition("@")
    user, _, password = who.partition(":")
    return {
        "bootstrap_servers": hosts,
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": user,
        "sasl_plain_password": password,
    }


def security(address: str) -> SASLScram512 | None:
    """The same for a broker of FastStream."""
    told = reach(address)
    return SASLScram512(told["sasl_plain_username"], told["sasl_plain_password"]) if len(told) > 1 else None
