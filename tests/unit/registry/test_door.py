"""The public door: both modes of CloudEvents, every fault told, nothing raises."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registry.domain import DOORS, VACANCIES
from services.registry.domain.offers import RefuseOffer
from services.registry.domain.vacancies import OfferVacancy
from services.registry.door import CHANGES, OFFERED, offered
from services.registry.policy import DOOR, POLICY
from shared.contracts.offers import VacancyOfferRefused
from shared.contracts.registry import VacancyAmended, VacancyClosed, VacancyPublished
from shared.runtime.ports import Record
from shared.runtime.service import Asked, DoorCommand
from tests.unit.registry.shelf import NOW, seat, town

DATA = {
    "agency": "palu",
    "post": seat("disdukcapil", "analyst").post,
    "quota": 2,
    "mode": "ranked",
    "closes_on": "2026-12-31",
    "purpose": "shorten the queue",
    "reference": "800/12/BKPSDM/2026",
}
DOOR_TOPIC = "mutasi.agency.palu"
HEADERS: dict[str, Any] = {
    "ce_specversion": "1.0",
    "ce_type": OFFERED,
    "ce_id": "offer-1",
    "ce_source": "/palu/simpeg",
    "content-type": "application/json",
}


def record(value: bytes | None, headers: dict[str, Any] | None = None, topic: str = DOOR_TOPIC) -> Record:
    """A record as the broker gives it."""
    pairs = (HEADERS if headers is None else headers).items()
    raw = tuple((name, text if isinstance(text, bytes) else text.encode()) for name, text in pairs)
    return Record(topic, 0, 17, b"key", value, raw)


def data(**changes: object) -> bytes:
    """The offer with some fields changed; None leaves a field out."""
    return json.dumps({name: value for name, value in {**DATA, **changes}.items() if value is not None}).encode()


def reasons(found: DoorCommand | None) -> set[tuple[str, str]]:
    """What a refusal says."""
    assert found is not None
    assert isinstance(found.command, RefuseOffer)
    return set(found.command.reasons)


def structured(**changes: object) -> Record:
    """The same offer in structured mode."""
    whole = {"specversion": "1.0", "type": OFFERED, "id": "offer-1", "source": "/palu/simpeg", "data": DATA}
    body = json.dumps({**whole, **changes}).encode()
    return record(body, {"content-type": "application/cloudevents+json; charset=utf-8"})


def test_both_modes_say_the_same() -> None:
    binary, whole = offered(record(data())), offered(structured())
    assert binary == whole
    assert binary is not None
    assert isinstance(binary.command, OfferVacancy)
    assert binary.decider is VACANCIES
    assert binary.aggregate.startswith("v:palu:")
    assert "/" not in binary.aggregate


def test_an_offer_is_published() -> None:
    shelf, found = town(), offered(record(data()))
    assert found is not None
    shelf.send(found.decider, found.aggregate, found.command)
    assert shelf.of(VacancyPublished)[0].reference == "800/12/BKPSDM/2026"


def test_a_refusal_is_an_event_told_once() -> None:
    shelf, found = town(), offered(record(b"{", HEADERS))
    assert found is not None
    assert (found.decider, found.aggregate) == (DOORS, "door:palu:offer-1")
    for _ in range(2):
        shelf.send(found.decider, found.aggregate, found.command)
    told = shelf.of(VacancyOfferRefused)
    assert len(told) == 1
    assert told[0].TOPIC.format_map(dict(told[0])) == "mutasi.agency.palu.refused"
    assert told[0].reasons[0].remedy["en"]


def test_only_the_agencys_own_door_lets_it_in() -> None:
    found = offered(record(data()))
    assert found is not None
    rule = POLICY[found.rule]
    assert rule(Asked(found.actor, NOW.date(), None, found.command))
    other = offered(record(data(agency="binjai"), topic="mutasi.agency.binjai"))
    assert other is not None
    assert not rule(Asked(found.actor, NOW.date(), None, other.command))
    assert reasons(offered(record(data(agency="binjai")))) == {("agency", "WRONG_SENDER")}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, {("data", "EMPTY_RECORD")}),
        (b"", {("data", "BAD_JSON")}),
        (b"\xff\xfe{}", {("data", "BAD_ENCODING")}),
        (b"[]", {("data", "BAD_JSON")}),
        (b"[" * 100_000, {("data", "BAD_JSON")}),
        (b" " * 300_000, {("data", "RECORD_TOO_LARGE")}),
        (data(quota="2"), {("quota", "NOT_A_NUMBER")}),
        (data(quota=0), {("quota", "OUT_OF_RANGE")}),
        (data(quota=10**400), {("quota", "OUT_OF_RANGE")}),
        (data(mode="lottery"), {("mode", "NOT_IN_LIST")}),
        (data(closes_on="tomorrow"), {("closes_on", "BAD_DATE")}),
        (data(closes_on=20261231), {("closes_on", "BAD_DATE")}),
        (data(weights={"beauty": 100}), {("weights", "BAD_WEIGHTS")}),
        (data(post=None, quota=None), {("post", "REQUIRED"), ("quota", "REQUIRED")}),
        (data(reference=None), {("reference", "REQUIRED")}),
        (data(reference="  ", agency="binjai"), {("reference", "REQUIRED"), ("agency", "WRONG_SENDER")}),
    ],
)
def test_each_fault_of_the_data(value: bytes | None, expected: set[tuple[str, str]]) -> None:
    assert reasons(offered(record(value))) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ce_specversion": "0.3"}, {("specversion", "UNKNOWN_VERSION")}),
        ({"ce_type": "mutasi.vacancy.offered.v9"}, {("type", "UNKNOWN_TYPE")}),
        ({"ce_id": "", "ce_source": ""}, {("id", "REQUIRED"), ("source", "REQUIRED")}),
        ({"ce_id": "x" * 1000}, {("id", "BAD_FORM")}),
        ({"ce_source": b"\xff"}, {("headers", "BAD_ENCODING")}),
    ],
)
def test_each_fault_of_the_headers(changes: dict[str, Any], expected: set[tuple[str, str]]) -> None:
    found = offered(record(data(), {**HEADERS, **changes}))
    assert reasons(found) == expected


def test_without_an_id_the_place_of_the_record_stands_for_it() -> None:
    found = offered(record(data(), {}))
    assert found is not None
    assert isinstance(found.command, RefuseOffer)
    assert found.command.offer == "mutasi.agency.palu-0-17"


def test_other_topics_are_not_ours() -> None:
    for topic in ("mutasi.agency.palu.refused", "mutasi.registry", "mutasi.agency.", "xmutasi.agency.palu"):
        assert offered(record(data(), topic=topic)) is None


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)

OBJECTS = st.dictionaries(st.sampled_from(sorted(DATA)), JSON)


@given(
    value=st.none() | st.binary() | OBJECTS.map(json.dumps).map(str.encode),
    headers=st.dictionaries(st.sampled_from(sorted(HEADERS)), st.binary(max_size=20)),
    mode=st.sampled_from(["application/json", "application/cloudevents+json"]),
)
def test_nothing_makes_it_raise(value: bytes | None, headers: dict[str, Any], mode: str) -> None:
    found = offered(record(value, {**HEADERS, **headers, "content-type": mode}))
    assert found is not None
    shelf = town()
    shelf.send(found.decider, found.aggregate, found.command)
    for event in shelf.of(VacancyOfferRefused):
        event.model_dump_json()


@given(whole=st.dictionaries(st.sampled_from(["specversion", "type", "id", "source", "data"]), JSON))
def test_nothing_structured_makes_it_raise(whole: dict[str, Any]) -> None:
    found = offered(structured(**whole))
    assert found is not None
    town().send(found.decider, found.aggregate, found.command)


def asked(type: str, fields: dict[str, object] | None = None, id: str = "ask-1") -> DoorCommand:
    """A change of the vacancy of `DATA`, asked for at the door."""
    told = {"agency": "palu", "reference": DATA["reference"], "reason": "anggaran", **(fields or {})}
    found = offered(record(json.dumps(told).encode(), {**HEADERS, "ce_type": type, "ce_id": id}))
    assert found is not None
    return found


AMEND, CLOSE, CANCEL = CHANGES


def test_a_vacancy_is_amended_closed_and_cancelled_at_the_door() -> None:
    shelf, found = town(), offered(record(data()))
    assert found is not None
    for command in (found, asked(AMEND, {"quota": 1}, "a-1"), asked(CLOSE, {}, "c-1"), asked(CANCEL, {}, "x-1")):
        assert command.aggregate == found.aggregate
        assert command.rule == DOOR
        shelf.send(command.decider, command.aggregate, command.command)
    assert [event.quota for event in shelf.of(VacancyAmended)] == [1]
    assert [(event.cause, event.reason) for event in shelf.of(VacancyClosed)] == [("date", "anggaran")]
    refused = shelf.of(VacancyOfferRefused)[0]
    assert (refused.offer, [(why.field, why.code) for why in refused.reasons]) == (
        "x-1",
        [("reference", "VACANCY_CLOSED")],
    )


def test_everything_wrong_with_a_change_is_told() -> None:
    shelf, found = town(), offered(record(data()))
    assert found is not None
    shelf.send(found.decider, found.aggregate, found.command)
    past: dict[str, object] = {"quota": 999, "closes_on": "2020-01-01"}
    wrong: list[tuple[str, dict[str, object]]] = [("a-1", past), ("a-2", {"reference": "none"})]
    for id, fields in wrong:
        change = asked(AMEND, fields, id)
        shelf.send(change.decider, change.aggregate, change.command)
    told = {event.offer: {(why.field, why.code) for why in event.reasons} for event in shelf.of(VacancyOfferRefused)}
    assert told["a-1"] == {("quota", "QUOTA_ABOVE_FORMASI"), ("closes_on", "CLOSING_DATE_PAST")}
    assert told["a-2"] == {("reference", "UNKNOWN_VACANCY")}
    assert shelf.of(VacancyAmended) == []


@pytest.mark.parametrize(
    ("type", "fields", "wrong"),
    [
        (CLOSE, {"reason": None}, ("reason", "BAD_FORM")),
        (CANCEL, {"quota": 1}, ("quota", "BAD_FORM")),
        (AMEND, {"quota": "two"}, ("quota", "NOT_A_NUMBER")),
        (AMEND, {"requirements": {}}, ("requirements", "BAD_FORM")),
        (AMEND, {"agency": "bandung"}, ("agency", "WRONG_SENDER")),
        (CLOSE, {"reference": 5}, ("reference", "REQUIRED")),
        (CLOSE, {"reference": "\ud800"}, ("data", "BAD_ENCODING")),
        (AMEND, {"\ud800": 1}, ("data", "BAD_ENCODING")),
    ],
)
def test_a_change_that_cannot_be_read_is_told(type: str, fields: dict[str, object], wrong: tuple[str, str]) -> None:
    """A closing takes a reason and nothing else; no change names what the post demands."""
    assert wrong in reasons(asked(type, fields))
