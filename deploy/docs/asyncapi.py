"""One AsyncAPI 3 document: every topic, what is said on it, who says it and who listens."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from deploy.docs.openapi import SERVICES, app_of
from deploy.local.layout import ROOT
from services.registry.domain.changes import Act, AmendVacancy
from services.registry.domain.vacancies import PublishVacancy
from services.registry.door import CHANGES, OFFERED
from shared.contracts.catalogue import BY_TYPE, TOPICS
from shared.kernel.decider import Event
from shared.runtime.item import MessageSkipped
from shared.runtime.wire import ATTRIBUTES

FILE = ROOT / "docs" / "asyncapi" / "mutasi.json"
DOOR, CLOCK = "mutasi.agency.{agency}", "mutasi.clock"
SCHEMAS = "#/components/schemas"
SHIFT = {
    "type": "object",
    "description": "Domain time is real time plus `offset` seconds from `at` (real seconds since 1970) on. Demo only.",
    "required": ["at", "offset"],
    "properties": {"at": {"type": "number"}, "offset": {"type": "number"}, "rate": {"type": "number", "default": 1}},
}
_TEXT = {"type": "string", "minLength": 1}
_OPTIONAL = ("correlation", "causation", "actor", "trace")


def document() -> dict[str, Any]:
    """The whole document, from the catalogue of events and from what each service reads."""
    models: list[type[BaseModel]] = [*BY_TYPE.values(), MessageSkipped, PublishVacancy, AmendVacancy]
    _, defined = models_json_schema([(model, "validation") for model in models], ref_template=f"{SCHEMAS}/{{model}}")
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "mutasi",
            "version": "1",
            "description": "CloudEvents 1.0 on Kafka, binary mode. Readers ignore fields and types they do not know.",
        },
        "defaultContentType": "application/json",
        "channels": _channels(),
        "operations": dict(_operations()),
        "components": {"messages": _messages(), "schemas": {**defined["$defs"], "Shift": SHIFT}},
    }


def _channels() -> dict[str, Any]:
    said = {topic: [event.TYPE for event in events] for topic, events in TOPICS.items()}
    for service in SERVICES:
        said[app_of(service).service.topic].append(MessageSkipped.TYPE)
    said |= {DOOR: [OFFERED, *CHANGES], CLOCK: ["clock.shifted"]}
    return {_name(topic): _channel(topic, types) for topic, types in said.items()}


def _channel(topic: str, types: Iterable[str]) -> dict[str, Any]:
    channel: dict[str, Any] = {
        "address": topic,
        "messages": {type: {"$ref": f"#/components/messages/{type}"} for type in types},
    }
    if "{agency}" in topic:
        channel["parameters"] = {"agency": {"description": "Code of the agency; the broker's ACL proves the sender."}}
    return channel


def _name(topic: str) -> str:
    return topic.replace("{agency}", "agency")


def _operations() -> Iterable[tuple[str, Any]]:
    for service in SERVICES:
        described = app_of(service).service
        says = {described.topic, *described.topic_of.values()}
        reads = set(described.reads)
        if service == "registry":
            says.add(f"{DOOR}.refused")
            reads.add(DOOR)
        for action, topics in (("send", says), ("receive", reads)):
            for topic in sorted(topics):
                channel = {"$ref": f"#/channels/{_name(topic)}"}
                yield f"{service}.{action}.{_name(topic)}", {"action": action, "channel": channel}


def _messages() -> dict[str, Any]:
    events: list[type[Event]] = [*BY_TYPE.values(), MessageSkipped]
    messages: dict[str, Any] = {event.TYPE: _message(event) for event in events}
    messages[OFFERED] = {
        "name": OFFERED,
        "summary": "A vacancy from an agency's own system, in binary or structured mode; repeats are found by `id`.",
        "headers": _headers(OFFERED, ("id",)),
        "payload": {"$ref": f"{SCHEMAS}/PublishVacancy"},
    }
    messages |= {name: _asked(name, act) for name, act in CHANGES.items()}
    messages["clock.shifted"] = {"name": "clock.shifted", "payload": {"$ref": f"{SCHEMAS}/Shift"}}
    return messages


def _asked(name: str, act: Act) -> dict[str, Any]:
    """A change of a vacancy: which one, why, and for an amendment the fields that change."""
    names = ("reason", "quota", "closes_on", "purpose") if act == "amend" else ("reason",)
    fields = {field: {"$ref": f"{SCHEMAS}/AmendVacancy/properties/{field}"} for field in names}
    return {
        "name": name,
        "summary": f"An agency's own system asks to {act} a vacancy, named by the `reference` it was offered with.",
        "headers": _headers(name, ("id",)),
        "payload": {
            "type": "object",
            "required": ["reference", "reason"],
            "properties": {"agency": _TEXT, "reference": _TEXT, **fields},
            "additionalProperties": False,
        },
    }


def _message(event: type[Event]) -> dict[str, Any]:
    return {
        "name": event.TYPE,
        "summary": (event.__doc__ or "").partition("\n")[0],
        "headers": _headers(event.TYPE, [name for name in ATTRIBUTES if name != "type"], ours=True),
        "payload": {"type": "null"} if event.TOMBSTONE else {"$ref": f"{SCHEMAS}/{event.__name__}"},
        "bindings": {"kafka": {"key": {**_TEXT, "description": f"The event's `{event.KEY}`"}}},
    }


def _headers(type: str, names: Iterable[str], *, ours: bool = False) -> dict[str, Any]:
    """CloudEvents attributes as Kafka headers; integers are text, as the Kafka binding says."""
    found: dict[str, Any] = {
        "ce_specversion": {"const": "1.0"},
        "ce_type": {"const": type},
        "ce_source": {**_TEXT, "pattern": "^/mutasi/"} if ours else _TEXT,
        **{ATTRIBUTES[name]: _TEXT for name in names},
    }
    if ours:
        found["ce_sequence"] = {"type": "string", "pattern": "^[1-9][0-9]*$"}
    optional = {ATTRIBUTES[name] for name in _OPTIONAL}
    return {"type": "object", "required": sorted(found.keys() - optional), "properties": found}
