"""People, posts and vacancies as the registry would have told them, in seconds instead of minutes.

The registry's documents, journal and events are made by its own deciders and envelope, and written in bulk: for
everybody else, and for the registry itself, they are as if each had come by HTTP.
"""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from aiokafka import AIOKafkaProducer

from services.registry.app import SERVICE
from services.registry.domain import AGENCIES, PEOPLE, POSTS, UNITS, VACANCIES
from shared.address import reach
from shared.contracts.people import PersonParticulars
from shared.contracts.registry import (
    AccountLinked,
    AgencyRegistered,
    EmployeeRegistered,
    OfficeAssigned,
    Placement,
    PostOccupancyChanged,
    PostRegistered,
    PostRequirements,
    Profile,
    UnitRegistered,
    VacancyPublished,
)
from shared.kernel.decider import Decider, Event, Frozen, Message, Office
from shared.runtime.envelope import envelope, journaled
from shared.runtime.mongo import connect
from shared.runtime.ports import Entry, Raw, utc
from shared.runtime.wire import to_headers

CODES = ("alfa", "bravo", "charlie", "delta")
CHIEFS = ("chief1", "chief2")
_SINCE, _FAR, _CHUNK = date(2020, 1, 1), date(2099, 1, 1), 1_000
_TITLE, _AGE = "Analis Kebijakan Ahli Muda", 60


@dataclass(frozen=True, slots=True)
class Population:
    """Applicants 0..people-1, `crowd` of them on one post and, later, on the seats of one vacancy."""

    people: int
    crowd: int = 50
    colleagues: int = 0  # who hold the first office of the first agency beside its chief

    def agency(self, i: int) -> str:
        """The agency of an applicant: crowds go round over all of them."""
        return CODES[i // self.crowd % len(CODES)]

    def login(self, i: int) -> str:
        """The login of an applicant."""
        return f"asn-{i}"

    def person(self, i: int) -> str:
        """The person behind it."""
        return f"person-{i}"

    def vacancy(self, i: int) -> str:
        """The vacancy an applicant wants; its seats are enough for the whole crowd."""
        return f"v:{self.agency(i)}:{i // self.crowd}"

    def chief(self, i: int, stage: int) -> str:
        """The login of the official who decides that stage (0, 1) in the applicant's agency."""
        return f"{CHIEFS[stage]}-{self.agency(i)}"

    def colleague(self, n: int) -> str:
        """The login of one of them."""
        return f"{CHIEFS[0]}-{CODES[0]}-{n}"

    @property
    def crowds(self) -> range:
        """Numbers of the crowds."""
        return range(-(-self.people // self.crowd))

    def of(self, crowd: int) -> range:
        """The applicants of a crowd."""
        return range(crowd * self.crowd, min((crowd + 1) * self.crowd, self.people))


def _histories(population: Population) -> Iterator[tuple[Decider[Any], str, list[Event]]]:
    """Every aggregate with what it said, in the order in which others can understand it."""
    for code in CODES:
        zone = "WITA" if code == "charlie" else "WIB"
        yield AGENCIES, code, [AgencyRegistered(agency=code, name=code, kind="kota", province="x", zone=zone)]
        unit = UnitRegistered(unit=f"u:{code}:a", agency=code, name="Bagian A", kind="bagian")
        yield UNITS, unit.unit, [unit]
        for office in CHIEFS:
            yield PEOPLE, f"{office}-{code}", _chief(f"{office}-{code}", office, code)
    for n in range(population.colleagues):
        yield PEOPLE, population.colleague(n), _chief(population.colleague(n), CHIEFS[0], CODES[0])
    for crowd in population.crowds:
        yield from _crowd(population, crowd)


def _chief(person: str, office: str, code: str) -> list[Event]:
    """An official from outside the registry's employees, as a liaison is."""
    held = Office(office=office, agency=code, since=_SINCE)
    told = PersonParticulars(person=person, name=person, nip="", email=f"{person}@x.example", version=1)
    return [
        told,
        AccountLinked(person=person, login=person),
        OfficeAssigned(person=person, office=held, offices=(held,)),
    ]


def _crowd(population: Population, crowd: int) -> Iterator[tuple[Decider[Any], str, list[Event]]]:
    members = population.of(crowd)
    code, vacancy = population.agency(members[0]), population.vacancy(members[0])
    origin, target = f"p:{code}:{crowd}-origin", f"p:{code}:{crowd}-target"
    holders = [
        PostOccupancyChanged(post=origin, person=population.person(i), present=True, as_of=1, holders=n)
        for n, i in enumerate(members, 1)
    ]
    yield POSTS, origin, [_post(origin, code, len(members)), *holders]
    yield POSTS, target, [_post(target, code, len(members))]
    seat = Placement(agency=code, unit=f"u:{code}:a", post=target)
    yield VACANCIES, vacancy, [_vacancy(vacancy, seat, len(members))]
    for i in members:
        yield PEOPLE, population.person(i), _applicant(population, i, origin)


def _post(post: str, code: str, seats: int) -> PostRegistered:
    return PostRegistered(
        post=post,
        agency=code,
        unit=f"u:{code}:a",
        title=_TITLE,
        kind="functional",
        structural=False,
        seats=seats,
        retirement_age=_AGE,
        requirements=PostRequirements(),
    )


def _vacancy(vacancy: str, seat: Placement, quota: int) -> VacancyPublished:
    return VacancyPublished(
        vacancy=vacancy,
        reference=vacancy.rpartition(":")[2],
        placement=seat,
        post_title=_TITLE,
        post_kind="functional",
        structural=False,
        requirements=PostRequirements(),
        quota=quota,
        closes_on=_FAR,
        purpose="load",
        weights={},
        retirement_age=_AGE,
    )


def _applicant(population: Population, i: int, post: str) -> list[Event]:
    person, code, year = population.person(i), population.agency(i), datetime.now(UTC).year
    profile = Profile(
        employment="PNS",
        placement=Placement(agency=code, unit=f"u:{code}:a", post=post),
        post_title=_TITLE,
        post_kind="functional",
        post_since=_SINCE,
        rank="III/c",
        education_level="40",
        education_field="public_administration",
        performance={str(year - back): "good" for back in (1, 2, 3)},
        retires_on=date(year + 20, 1, 1),
        under_process=False,
        study_assignment=False,
        service_bond=False,
    )
    told = PersonParticulars(
        person=person, name=f"Pegawai {i}", nip=_nip(i), email=f"{population.login(i)}@x.example", version=1
    )
    registered = EmployeeRegistered(person=person, profile=profile)
    return [registered, told, AccountLinked(person=person, login=population.login(i))]


def _nip(i: int) -> str:
    """18 digits of nobody: sequence 9xx, and a day of its own for each hundred."""
    days = i // 100
    return f"{1980 + days // 336}{days // 28 % 12 + 1:02}{days % 28 + 1:02}2014011{900 + i % 100}"


def _document(decider: Decider[Any], id: str, events: list[Event], now: datetime) -> tuple[Raw, list[Entry]]:
    """The document after these events, and what the journal keeps of them."""
    state, head, entries = decider.initial(id), "", []
    cause = Message(body=Frozen(), id="population", time=now)
    for sequence, event in enumerate(events, 1):
        entry = envelope(SERVICE, id, sequence, head, event, cause)
        head, state = entry["hash"], decider.evolve(state, event)
        entries.append({**entry, "at": now.timestamp()})
    due = min((utc(timer.at) for timer in decider.timers(state)), default=None)
    empty: Raw = {name: [] for name in ("taken", "held", "answers", "waits", "out")}
    told = {"_id": id, "rev": 1, "sequence": len(events), "head": head, "state": state.model_dump(mode="json")}
    return {**told, **empty, "due_at": due, "work_at": None, "held_at": None}, entries


async def settle(kafka: str, mongo: str, population: Population) -> int:
    """Write and tell all of it; how many events those were."""
    producer = AIOKafkaProducer(**reach(kafka), enable_idempotence=True, linger_ms=20)
    client, now, told = connect(mongo), datetime.now(UTC), 0
    await producer.start()
    try:
        for part in _parts(_histories(population)):
            made = [(decider, *_document(decider, id, events, now)) for decider, id, events in part]
            await _write(client[f"mutasi_{SERVICE.name}"], made)
            # Vacancies last: the registry answers to them with its posts, whose own beginning nothing may overtake.
            for vacancies in (False, True):
                saying = [one for kind, _, entries in made if (kind is VACANCIES) is vacancies for one in entries]
                await asyncio.gather(*[await _sent(producer, entry) for entry in saying])
                told += len(saying)
    finally:
        await producer.stop()
        client.close()
    return told


def _parts(histories: Iterable[tuple[Decider[Any], str, list[Event]]]) -> Iterator[list[Any]]:
    part: list[Any] = []
    for history in histories:
        part.append(history)
        if len(part) == _CHUNK:
            yield part
            part = []
    yield part


async def _write(db: Any, made: list[tuple[Decider[Any], Raw, list[Entry]]]) -> None:
    by_kind: dict[str, list[Raw]] = {}
    for decider, document, entries in made:
        by_kind.setdefault(decider.name, []).append(document)
        journal = by_kind.setdefault("journal", [])
        journal += [{**journaled(entry), "_id": entry["id"], "kind": decider.name} for entry in entries]
    for name, documents in by_kind.items():
        await db[name].insert_many(documents, ordered=False)


async def _sent(producer: AIOKafkaProducer, entry: Entry) -> "asyncio.Future[Any]":
    """Its ack."""
    headers = to_headers(entry)
    ack: asyncio.Future[Any] = await producer.send(
        entry["topic"], entry["data"].encode(), entry["key"].encode(), headers=headers
    )
    return ack
