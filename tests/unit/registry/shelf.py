"""The deciders of the registry over dictionaries: facts, unique indexes, timers, own events."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime
from typing import Any

from services.registry.consumers import routes
from services.registry.domain import AGENCIES, PEOPLE, POSTS, TOGETHER, UNITS, VACANCIES
from services.registry.domain.ids import person_id, post_id, unit_id
from services.registry.domain.organisation import RegisterAgency, RegisterPost
from services.registry.domain.person import RegisterPerson
from services.registry.domain.units import RegisterUnit
from services.registry.store import INDEXES
from shared.contracts.approval import DecreeIssued
from shared.contracts.registry import Placement
from shared.kernel.decider import Command, Decider, Event, Fact, Facts, Frozen, Message, TimerDue
from shared.runtime.service import Envelope, Learn

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)
TIMED: tuple[Decider[Any], ...] = (PEOPLE, VACANCIES, TOGETHER)


class _All(dict[tuple[str, str], Fact | None]):
    """Facts that are all loaded; what nobody told is None."""

    def __contains__(self, _key: object) -> bool:
        return True

    def __missing__(self, _key: tuple[str, str]) -> None:
        return None


class Shelf:
    """One registry in memory. `events` is everything that was said, in order."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now
        self.states: dict[str, dict[str, Any]] = defaultdict(dict)
        self.sequences: dict[str, int] = defaultdict(int)
        self.facts = _All()
        self.known: dict[tuple[str, str], int] = {}
        self.events: list[Event] = []
        self.said: list[tuple[Event, Envelope]] = []
        self.log: list[tuple[Event, Envelope]] = []

    def state(self, decider: Decider[Any], id: str) -> Any:
        """The state as stored."""
        return self.states[decider.name].get(id) or decider.initial(id)

    def send(self, decider: Decider[Any], id: str, command: Command) -> Mapping[str, Any]:
        """Run a command and everything that follows from it. Raises Refused, NotYet."""
        self.decide(decider, id, Message(body=command, id="m", time=self.now))
        return {"id": id, **decider.answer(self.state(decider, id))}

    def decide(self, decider: Decider[Any], id: str, message: Message) -> list[Event]:
        """One decision with its unique indexes, then the consumers of what it said."""
        decided = decider.decide(self.state(decider, id), message, Facts(self.facts))
        events = self._stored(decider, id, message, decided)
        self.drain()
        return events

    def _stored(self, decider: Decider[Any], id: str, message: Message, events: list[Event]) -> list[Event]:
        before = state = self.state(decider, id)
        for event in events:
            state = decider.evolve(state, event)
        index = self._violated(decider, id, state)
        if index:
            return self._stored(decider, id, message, decider.conflict(before, message, index))
        # What comes back from the database must be what went in.
        assert decider.state.model_validate_json(state.model_dump_json()) == state
        self.states[decider.name][id] = state
        for event in events:
            self.sequences[id] += 1
            name = f"registry/{id}"
            self.said.append((event, Envelope("e", event.TYPE, name, id, self.sequences[id], self.now)))
        self.events += events
        return events

    def _violated(self, decider: Decider[Any], id: str, state: Frozen) -> str:
        for index in INDEXES.get(decider.name, ()):
            name = index.keys[0][0].removeprefix("state.")
            value = getattr(state, name) if index.unique else ""
            others = (other for key, other in self.states[decider.name].items() if key != id)
            if value and any(getattr(other, name) == value for other in others):
                return index.name
        return ""

    def drain(self) -> None:
        """Let the registry hear what it said."""
        while self.said:
            event, envelope = self.said.pop(0)
            self.log.append((event, envelope))
            self.hear(event, envelope)

    def reread(self, start: int) -> None:
        """The log is delivered again from there, as after a crash before the commit."""
        for event, envelope in self.log[start:]:
            self.hear(event, envelope)

    def hear(self, event: Event, envelope: Envelope) -> None:
        """An event from the log, ours or another service's."""
        for route in routes.by_type.get(event.TYPE, (Event, []))[1]:
            for delivery in route(event, envelope):
                if isinstance(delivery, Learn):
                    self._learn(delivery, envelope.sequence)
                    continue
                message = Message(body=event, id="m", time=self.now, source=envelope.source, sequence=envelope.sequence)
                self.decide(delivery.decider, delivery.aggregate, message)

    def _learn(self, learn: Learn, sequence: int) -> None:
        key = (learn.fact.KIND, learn.id)
        if sequence > self.known.get(key, 0):
            self.known[key], self.facts[key] = sequence, learn.value

    def issued(self, decree: DecreeIssued) -> None:
        """The approval says that a decree was issued."""
        self.hear(decree, Envelope("e", decree.TYPE, f"approval/{decree.case}", decree.case, 1, self.now))

    def advance(self, to: datetime) -> None:
        """Let time pass; timers fire in order, each at its moment."""
        while due := sorted(
            (timer.at, id, timer.id, decider.name, timer.name)
            for decider in TIMED
            for id, state in self.states[decider.name].items()
            for timer in decider.timers(state)
            if timer.at <= to
        ):
            at, id, timer_id, kind, name = due[0]
            self.now = max(self.now, at)
            decider = next(one for one in TIMED if one.name == kind)
            fired = TimerDue(id=timer_id, name=name, at=at)
            self.decide(decider, id, Message(body=fired, id="t", time=self.now))
            assert timer_id not in {left.id for left in decider.timers(self.state(decider, id))}
        self.now = max(self.now, to)

    def of(self, *kinds: type[Event]) -> list[Any]:
        """Events of exactly these types."""
        return [event for event in self.events if type(event) in kinds]

    # -- what an import asks ---------------------------------------------------------------------------------

    async def known_ids(self, kind: str, ids: Collection[str]) -> Mapping[str, str]:
        """Registered ones with their unit."""
        said = "published" if kind == "vacancies" else "registered"
        found = {id: getattr(self.states[kind][id], said) for id in ids if id in self.states[kind]}
        return {id: getattr(registered, "unit", "") for id, registered in found.items() if registered}

    async def persons(self, nips: Collection[str]) -> Mapping[str, str]:
        """Person ids by NIP, former ones too."""
        people = self.states["people"].items()
        former = {nip: id for id, state in people for nip in state.former if nip in nips}
        return former | {state.nip: id for id, state in people if state.nip in nips}


AGENCY = RegisterAgency(agency="palu", name="Kota Palu", kind="city", province="Sulteng", zone="WITA")
NIP = "199003142014032912"


def town(now: datetime = NOW) -> Shelf:
    """Palu with two units: a head, three seats of staff and an empty post in each."""
    shelf = Shelf(now)
    shelf.send(AGENCIES, "palu", AGENCY)
    for unit in ("setda", "disdukcapil"):
        office = RegisterUnit(agency="palu", unit=unit, name=unit, kind="office")
        shelf.send(UNITS, unit_id("palu", unit), office)
        post(shelf, unit, "head", kind="administrator", seats=1)
        post(shelf, unit, "analyst", kind="functional", seats=3, retirement_age=58)
        post(shelf, unit, "old", kind="functional", seats=2, retirement_age=60)
    return shelf


def post(shelf: Shelf, unit: str, code: str, **values: object) -> str:
    """Register a post; its id."""
    id = post_id("palu", f"{unit}-{code}")
    whole = {"agency": "palu", "unit": unit, "post": f"{unit}-{code}", "title": code, **values}
    shelf.send(POSTS, id, RegisterPost.model_validate(whole))
    return id


def seat(unit: str, code: str) -> Placement:
    """A seat of the town."""
    return Placement(agency="palu", unit=unit_id("palu", unit), post=post_id("palu", f"{unit}-{code}"))


def employee(nip: str = NIP, unit: str = "setda", code: str = "analyst", **values: object) -> RegisterPerson:
    """A person of the town."""
    whole: dict[str, object] = {
        "agency": "palu",
        "unit": unit,
        "post": f"{unit}-{code}",
        "name": "Rina Lestari",
        "nip": nip,
        "email": "rina@palu.example",
        "birth_date": date(1990, 3, 14),
        "employment": "PNS",
        "post_since": date(2023, 5, 2),
        "rank": "III/c",
        "education_level": "S-1",
        "education_field": "law",
    }
    return RegisterPerson.model_validate({**whole, **values})


def join(shelf: Shelf, nip: str = NIP, unit: str = "setda", code: str = "analyst", **values: object) -> str:
    """Register a person; their id."""
    command = employee(nip, unit, code, **values)
    id = person_id("palu", command.nip)
    shelf.send(PEOPLE, id, command)
    return id


def decree(
    person: str,
    id: str = "d-1",
    origin: Placement | None = None,
    target: Placement | None = None,
    effective_on: date = date(2026, 12, 1),
    vacancy: str = "",
) -> DecreeIssued:
    """A decree that moves the person from Setda to Disdukcapil."""
    return DecreeIssued(
        case=f"c-{id}",
        attempt=1,
        decree=id,
        agency="palu",
        year=2026,
        number=1,
        number_text="800.1.3.1/1/BKPSDM/2026",
        person=person,
        origin=origin or seat("setda", "analyst"),
        target=target or seat("disdukcapil", "analyst"),
        vacancy=vacancy,
        issued_on=date(2026, 11, 22),
        effective_on=effective_on,
        signatory="ppk",
        digest="0" * 64,
    )
