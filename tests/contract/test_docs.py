"""What is generated from the code is checked in as the code is, and is what it says it is."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema
from jsonschema import Draft202012Validator

from deploy.docs import asyncapi
from deploy.docs.__main__ import main, stale
from deploy.docs.openapi import FOLDER, SERVICES
from deploy.docs.schemas import FOLDER as SCHEMAS
from deploy.local.layout import ROOT
from shared.contracts.catalogue import BY_TYPE, TOPIC_OF, TOPICS
from shared.runtime.ports import utc
from shared.runtime.wire import to_headers
from tests.contract.test_golden import EVERY, golden
from tests.contract.test_routes import NOW

DOCUMENTS = [asyncapi.FILE, *(FOLDER / f"{service}.json" for service in SERVICES)]
ENTRY = {
    "id": "s:a:1", "source": "s", "aggregate": "a", "time": utc(NOW), "correlation": "c", "causation": "d",
    "actor": "", "trace": "", "sequence": 1,
}  # fmt: skip


def test_everything_is_up_to_date() -> None:
    assert [str(file.relative_to(ROOT)) for file in stale()] == [], "run: python -m deploy.docs"
    assert main(["--check"]) == 0


def references(value: Any) -> Iterator[str]:
    """Every pointer within a document."""
    if isinstance(value, dict):
        if isinstance(pointer := value.get("$ref"), str):
            yield pointer
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from references(inner)


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.stem)
def test_every_pointer_leads_somewhere(file: Any) -> None:
    document = json.loads(file.read_text("utf-8"))
    for pointer in set(references(document)):
        found = document
        for step in pointer.removeprefix("#/").split("/"):
            found = found[step]
        assert found


def test_the_asyncapi_document_is_one() -> None:
    ApplicationSchema.model_validate_json(asyncapi.FILE.read_bytes())


def test_every_event_is_on_its_topic_in_the_document() -> None:
    document = json.loads(asyncapi.FILE.read_text("utf-8"))
    addresses = {channel["address"]: channel for channel in document["channels"].values()}
    for type, topic in TOPIC_OF.items():
        assert type in addresses[topic]["messages"]
    assert set(TOPICS) | {asyncapi.DOOR, asyncapi.CLOCK} == set(addresses)
    said = [name for name, operation in document["operations"].items() if operation["action"] == "send"]
    assert len(said) == len(SERVICES) + 2  # the registry also speaks of people, and refuses at the door


@EVERY
def test_an_example_and_its_headers_are_valid(event: Any) -> None:
    """As the document and the schema beside it describe them."""
    schema = json.loads((SCHEMAS / f"{event.TYPE}.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(golden(event))
    headers = {name: value.decode() for name, value in to_headers({**ENTRY, "type": event.TYPE})}
    described = json.loads(asyncapi.FILE.read_text("utf-8"))["components"]["messages"][event.TYPE]["headers"]
    Draft202012Validator(described).validate(headers)
    assert not Draft202012Validator(described).is_valid({**headers, "ce_sequence": "0"})


def test_every_schema_is_of_an_event() -> None:
    assert {file.stem for file in SCHEMAS.glob("*")} == set(BY_TYPE)
