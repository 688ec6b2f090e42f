"""Who holds which office (jabatan berwenang) since when: roles come from here, never from a login. Pure."""

from datetime import date

from services.registry.domain.facts import AgencyFact, UnitFact
from services.registry.domain.ids import Code, unit_id
from services.registry.domain.limits import Capacity, limit_of
from services.registry.domain.person import Person
from services.registry.domain.records import must_exist
from services.registry.domain.values import Day, OfficeName
from shared.contracts.registry import EmployeeMoved, OfficeAssigned, OfficeEnded, Placement
from shared.kernel.calendar import add_months
from shared.kernel.decider import Command, Event, Facts, Office, Refused


class AssignOffice(Command):
    """The person holds an office of the agency, or of one of its units, from `since` to before `until`.

    Whoever only stands in (Plt, Plh) does so until a day, and for no longer than the rules allow.
    """

    office: OfficeName
    agency: Code
    unit: Code | None = None
    since: Day
    until: Day | None = None
    capacity: Capacity = "definitive"


class EndOffice(Command):
    """The person no longer holds the office from that day on."""

    office: OfficeName
    agency: Code
    unit: Code | None = None
    on: Day


def _where(command: AssignOffice | EndOffice) -> tuple[str, str, str]:
    return command.office, command.agency, unit_id(command.agency, command.unit) if command.unit else ""


def assign(state: Person, command: AssignOffice, facts: Facts) -> list[Event]:
    """Raises Refused, and NotYet while agency or unit are unknown."""
    must_exist(state)
    name, agency, unit = _where(command)
    facts.need(AgencyFact, agency)
    if unit:
        facts.need(UnitFact, unit)
    if command.until and command.until <= command.since:
        raise Refused("BAD_PERIOD", where="until", status=422)
    _limited(command)
    office = Office(office=name, agency=agency, unit=unit, **command.model_dump(include={"since", "until", "capacity"}))
    if office in state.offices:
        return []
    # The same office from the same day is the same tenure: the newer word on its end replaces the older.
    others = tuple(held for held in state.offices if _tenure(held) != _tenure(office))
    return [OfficeAssigned(person=state.person, office=office, offices=(*others, office))]


def _tenure(office: Office) -> tuple[str, str, str, date, str]:
    return office.office, office.agency, office.unit, office.since, office.capacity


def _limited(command: AssignOffice) -> None:
    """Raises Refused for a stand-in without an end, or with one beyond the limit of that day's rule."""
    limit = limit_of(command.capacity, command.since)
    if limit is None:
        return
    if command.until is None:
        raise Refused("STANDS_IN_FOR_EVER", where="until", status=422)
    if command.until > add_months(command.since, limit.longest_months):
        raise Refused("STANDS_IN_TOO_LONG", where="until", status=422, months=limit.longest_months, rule=limit.source)


def end(state: Person, command: EndOffice) -> list[Event]:
    """Raises Refused when the office is not held on that day."""
    held = [o for o in state.offices if (o.office, o.agency, o.unit) == _where(command)]
    if any(office.until == command.on for office in held):
        return []
    open_ones = [office for office in held if _runs(office, command.on)]
    if not open_ones:
        raise Refused("OFFICE_NOT_HELD", where="office")
    return [_ended(state.person, open_ones[-1], state.offices, command.on)]


def left(move: EmployeeMoved, offices: tuple[Office, ...]) -> list[Event]:
    """What a move ends besides: the offices of the unit that is left, and of the agency when that is left."""
    events: list[Event] = []
    for office in offices:
        if _is_left(office, move.left, move.profile.placement) and _runs(office, move.effective_on):
            event = _ended(move.person, office, offices, move.effective_on)
            offices = event.offices
            events.append(event)
    return events


def _is_left(office: Office, origin: Placement, target: Placement) -> bool:
    if office.agency != target.agency:
        return office.agency == origin.agency
    return office.unit == origin.unit != target.unit


def _runs(office: Office, on: date) -> bool:
    return office.since < on and (office.until is None or on < office.until)


def _ended(person: str, office: Office, offices: tuple[Office, ...], on: date) -> OfficeEnded:
    ended = office.model_copy(update={"until": on})
    held = tuple(ended if one == office else one for one in offices)
    return OfficeEnded(person=person, office=ended, offices=held)
