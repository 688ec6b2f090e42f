"""A small town for the transfer's own services: who works there, what the registry said of it, and the services."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from services.approval.app import SERVICE as APPROVAL
from services.evaluation.app import SERVICE as EVALUATION
from services.notification.app import SERVICE as NOTIFICATION
from services.notification.channels.record import Record, Recorder
from services.proposal.app import SERVICE as PROPOSAL
from services.registry.app import SERVICE as REGISTRY
from services.registry.domain import AGENCIES, PEOPLE, POSTS, UNITS
from shared.contracts.people import PersonParticulars
from shared.contracts.registry import (
    AccountLinked,
    AgencyRegistered,
    EmployeeRegistered,
    OfficeAssigned,
    Placement,
    PostRegistered,
    PostRequirements,
    Profile,
    UnitRegistered,
)
from shared.kernel.decider import Decider, Event, Frozen, Message, Office
from shared.runtime.envelope import envelope
from shared.runtime.ports import Entry, Raw
from shared.runtime.service import Learn, Routes, Service, To
from tests.support.sim.replica import Node
from tests.support.sim.transfer_bench import RELATIVES, Bench
from tests.support.sim.transfer_tally import TALLIES, tally_service

AGENCY, UNIT, CLERK = "palu", "u:palu:a", "clerk"
KEEPERS = {"registrar": (CLERK,)}
DOOR_TOPIC = f"mutasi.agency.{AGENCY}"
ORIGIN, ANALYST, HEAD = (f"p:{AGENCY}:{code}" for code in ("origin", "analyst", "head"))
APPLICANTS = ("asn-1", "asn-2", "asn-3", "asn-4")
_SINCE = date(2020, 1, 1)


Fragile = Callable[[Decider[Any]], Decider[Any]]


def transfer_services(recorder: Recorder, bench: Bench, fragile: Fragile) -> tuple[Service, ...]:
    """The five services as they run, but for the chain of this town, a channel that records, and two deciders that
    fail at times; and a tally beside them.

    What a crash in the middle of a message means stays as it is: repeat a legal notice, call any other ambiguous.
    """
    run = Record(recorder).run
    effects = {kind: replace(effect, run=run, waits=False) for kind, effect in NOTIFICATION.effects.items()}
    approval = _with(APPROVAL, {**bench.deciders, "cases": fragile(bench.deciders["cases"])})
    tally = tally_service(fragile(TALLIES))
    return REGISTRY, PROPOSAL, EVALUATION, approval, replace(NOTIFICATION, effects=effects), tally


def _with(service: Service, changed: Mapping[str, Decider[Any]]) -> Service:
    """The service with other deciders of the same names; its routes lead to them."""
    routes = Routes()

    def through(route: Any) -> Any:
        def lead(event: Event, source: Any) -> Iterator[To | Learn]:
            for there in route(event, source):
                known = isinstance(there, To) and there.decider.name in changed
                yield To(changed[there.decider.name], there.aggregate) if known else there

        return lead

    for type, (event, known) in service.routes.by_type.items():
        routes.by_type[type] = event, [through(route) for route in known]
    deciders = tuple(changed.get(one.name, one) for one in service.deciders)
    return replace(service, deciders=deciders, routes=routes)


def settle(node: Node, bench: Bench) -> int:
    """Let the registry have said all of it a moment ago: nothing is published yet. How many events that is."""
    now, count = node.clock.now(), 0
    for decider, id, events in _histories(bench):
        state, head, out = decider.initial(id), "", []
        for sequence, event in enumerate(events, 1):
            entry: Entry = envelope(node.service, id, sequence, head, event, Message(Frozen(), "town", now))
            head, state = entry["hash"], decider.evolve(state, event)
            out.append({**entry, "at": node.clock.real() - 60})
        empty: Raw = {name: [] for name in ("taken", "held", "answers", "waits")}
        told = {"_id": id, "rev": 1, "sequence": len(out), "head": head, "state": state.model_dump(mode="json")}
        node.store.tables.put(decider.name, id, {**told, **empty, "out": out, **dict.fromkeys(_TIMES)})
        count += len(out)
    return count


_TIMES = ("due_at", "work_at", "held_at")


def _histories(bench: Bench) -> Iterator[tuple[Decider[Any], str, list[Event]]]:
    """Every aggregate with what it said."""
    yield AGENCIES, AGENCY, [AgencyRegistered(agency=AGENCY, name="Palu", kind="kota", province="x", zone="WITA")]
    yield UNITS, UNIT, [UnitRegistered(unit=UNIT, agency=AGENCY, name="Bagian A", kind="bagian")]
    for post, kind, seats in ((ORIGIN, "functional", 20), (ANALYST, "functional", 3), (HEAD, "supervisor", 1)):
        yield POSTS, post, [_post(post, kind, seats)]
    for person in dict.fromkeys((*APPLICANTS, CLERK, *(who for held in bench.holders.values() for who in held))):
        yield PEOPLE, person, list(_person(person, bench))


def _post(post: str, kind: str, seats: int) -> PostRegistered:
    return PostRegistered(
        post=post,
        agency=AGENCY,
        unit=UNIT,
        title=post,
        kind=kind,
        structural=kind != "functional",
        seats=seats,
        retirement_age=60,
        requirements=PostRequirements(),
    )


def _person(person: str, bench: Bench) -> Iterator[Event]:
    yield EmployeeRegistered(person=person, profile=_profile(person))
    if person in APPLICANTS:
        nip = f"1985010120140129{APPLICANTS.index(person) + 90}"
        yield PersonParticulars(person=person, name=person, nip=nip, email=f"{person}@x.example", version=1)
    yield AccountLinked(person=person, login=person)
    offices = {**bench.holders, **KEEPERS}
    held: tuple[Office, ...] = ()
    for name in (name for name, holders in offices.items() if person in holders):
        office = Office(office=name, agency=AGENCY, unit=UNIT if name in bench.of_unit else "", since=_SINCE)
        held = (*held, office)
        yield OfficeAssigned(person=person, office=office, offices=held)


def _profile(person: str) -> Profile:
    """Somebody who may move."""
    return Profile(
        employment="PNS",
        placement=Placement(agency=AGENCY, unit=UNIT, post=ORIGIN),
        post_title=ORIGIN,
        post_kind="functional",
        post_since=_SINCE,
        rank="III/c",
        education_level="40",
        education_field="public_administration",
        performance={str(year): "good" for year in range(2022, 2029)},
        retires_on=date(2045, 2, 1),
        under_process=False,
        study_assignment=False,
        service_bond=False,
        relatives=RELATIVES.get(person, ()),
    )
