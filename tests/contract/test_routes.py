"""Every type has one speaker and a topic, and whoever listens can do something with its example."""

import importlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.docs.openapi import SERVICES, app_of, http_of
from deploy.local.layout import ROOT
from shared.contracts.approval import TaskDecided
from shared.contracts.catalogue import BY_TYPE, TOPIC_OF, TOPICS
from shared.host.http import missing_rules
from shared.kernel.decider import Actor, Event, Facts, FactsMissing, Message, NotYet
from shared.runtime.actors import Account, Offices
from shared.runtime.service import Envelope, Learn, Service, To
from tests.contract.test_golden import golden

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LISTENERS = sorted(path.parent.name for path in (ROOT / "services").glob("*/consumers.py"))
DOOR = "mutasi.agency.{agency}.refused"


def service_of(name: str) -> Service:
    """The service as its app names it."""
    found: Service = importlib.import_module(f"services.{name}.app").SERVICE
    return found


HEARD = [(name, type) for name in LISTENERS for type in service_of(name).routes.by_type]


def test_every_type_is_said_on_one_topic() -> None:
    said = [event.TYPE for events in TOPICS.values() for event in events]
    assert len(said) == len(set(said)) == len(BY_TYPE)
    assert all(event.TYPE.startswith("mutasi.") and event.TYPE.endswith(".v1") for event in BY_TYPE.values())


def test_every_topic_has_one_speaker() -> None:
    speakers = {DOOR: ["registry"]}
    for name in SERVICES:
        service = app_of(name).service
        for topic in {service.topic, *service.topic_of.values()}:
            speakers.setdefault(topic, []).append(name)
    assert {topic: len(names) for topic, names in speakers.items()} == dict.fromkeys(TOPICS, 1)
    for name in SERVICES:
        for type, topic in app_of(name).service.topic_of.items():
            assert TOPIC_OF[type] == topic


def test_every_topic_is_made_before_it_is_used() -> None:
    wanted = yaml.safe_load((ROOT / "deploy" / "topics.yaml").read_text("utf-8"))
    doors = {name.replace("{code}", "{agency}") for name in wanted["agency"]["names"]}
    assert set(TOPICS) <= set(wanted["topics"]) | doors


@pytest.mark.parametrize("name", LISTENERS)
def test_a_listener_reads_the_topics_of_what_it_hears(name: str) -> None:
    service = service_of(name)
    assert {TOPIC_OF[type] for type in service.routes.by_type} <= set(service.reads)


OF_CONCERN = {("registry", TaskDecided.TYPE): {"case": "b-3f1c5a526a8e5d3c9a42000000000977-1"}}
"""Where a listener is concerned with some of an event's cases only, and the example is of another."""


@pytest.mark.parametrize(("name", "type"), HEARD)
def test_a_listener_handles_the_example(name: str, type: str) -> None:
    """Where it goes is known to the service, and no decider refuses it or falls over it."""
    service = service_of(name)
    model, routes = service.routes.by_type[type]
    event = model.model_validate(golden(BY_TYPE[type]) | OF_CONCERN.get((name, type), {}))
    envelope = Envelope("e-901", type, f"other/{event.key}", event.key, 1, NOW)
    deliveries = [delivery for route in routes for delivery in route(event, envelope)]
    assert deliveries
    for delivery in deliveries:
        match delivery:
            case Learn(fact, id, value):
                assert fact in {*service.facts, Account, Offices}
                assert id
                assert value is None or fact.model_validate(value.model_dump(mode="json")) == value
            case To():
                assert delivery.decider in service.deciders
                decide(delivery, event)


def decide(to: To, event: Event) -> None:
    """Decide on a new aggregate that knows no facts: events, or too early; anything else is a fault."""
    facts: dict[tuple[str, str], Any] = {}
    message = Message(body=event, id="e-901", time=NOW, source="other", sequence=1, actor=Actor(login="x"))
    state = to.decider.initial(to.aggregate)
    while True:
        try:
            said = to.decider.decide(state, message, Facts(facts))
        except FactsMissing as missing:
            facts |= {(model.KIND, id): None for model, id in missing.refs}
        except NotYet:
            return
        else:
            assert all(said_event.TYPE in BY_TYPE for said_event in said)
            return


@pytest.mark.parametrize("name", SERVICES)
def test_no_route_is_without_a_rule(name: str) -> None:
    assert missing_rules(http_of(name), app_of(name).service.policy) == []


@pytest.mark.parametrize("name", SERVICES)
def test_a_route_without_a_rule_is_found(name: str) -> None:
    policy = dict(app_of(name).service.policy)
    forgotten = next(rule for rule in policy if "." in rule and rule != "agency.door")
    del policy[forgotten]
    assert missing_rules(http_of(name), policy) == [forgotten]


def test_every_service_with_consumers_is_looked_at() -> None:
    assert set(SERVICES) <= set(LISTENERS)
    assert all((Path(ROOT) / "services" / name / "app.py").exists() for name in LISTENERS)
