"""The letter of a temporary assignment: who may order it, for whom, on what basis and for how long. Pure."""

from datetime import UTC, datetime, time, timedelta

from services.proposal.domain.assignments.commands import OrderAssignment
from services.proposal.domain.assignments.state import Assignment
from services.proposal.domain.facts import Agency, Disaster, Employee, KnownUnit, declared_id
from services.proposal.domain.turn import Occasion
from shared.contracts.assignments import AssignmentGiven, AssignmentOrdered, Debt, Unit
from shared.contracts.registry import Placement
from shared.kernel.calendar import add_months
from shared.kernel.decider import Event, Refused
from shared.kernel.documents import documents


def order(turn: Occasion, state: Assignment, command: OrderAssignment) -> list[Event]:
    """Send them today. Raises Refused ASSIGNMENT_STATE, OFFICE_NEEDED, and as `_origin`, `_target`, `_lawful`."""
    if state.people:
        raise Refused("ASSIGNMENT_STATE")
    people = tuple(dict.fromkeys(command.people))
    origin, target = _origin(turn, people), _target(turn, command)
    if origin == target:
        raise Refused("OWN_SEAT", where="unit")
    _may(turn, origin, target)
    _lawful(turn, command, people)
    missing = tuple(dict.fromkeys(command.missing))
    owed = [(person, document) for person in people for document in missing]
    letter = _letter(turn, state, command, origin, target)
    ordered = letter.model_copy(
        update={
            "people": people,
            "debts": tuple(Debt(n=n, person=who, document=what) for n, (who, what) in enumerate(owed, 1)),
        }
    )
    return [ordered, *(_given(ordered, person, missing) for person in people)]


def speaks(turn: Occasion, state: Assignment) -> None:
    """Raises Refused OFFICE_NEEDED for who holds no office that may propose at either unit, NOT_FOUND."""
    if state.origin is None or state.target is None:
        raise Refused("NOT_FOUND", status=404)
    _may(turn, state.origin, state.target)


def _may(turn: Occasion, *places: Unit) -> None:
    if not any(turn.proposes(Placement(agency=one.agency, unit=one.unit, post="")) for one in places):
        raise Refused("OFFICE_NEEDED", status=403, offices=[proposer.office for proposer in turn.rules.proposers])


def _origin(turn: Occasion, people: tuple[str, ...]) -> Unit:
    """The one unit they sit in. Raises Refused USIA_BUP, STATUS_BUKAN_PNS, PEOPLE_OF_ONE_UNIT. Raises NotYet."""
    turn.facts.want(*((Employee, person) for person in people))
    employees = [turn.facts.need(Employee, person) for person in people]
    for person, employee in zip(people, employees, strict=True):
        if employee.gone:
            raise Refused(employee.gone, where="people", person=person)
    first = employees[0].placement
    for person, employee in zip(people, employees, strict=True):
        if (employee.placement.agency, employee.placement.unit) != (first.agency, first.unit):
            raise Refused("PEOPLE_OF_ONE_UNIT", status=422, where="people", person=person)
    return Unit(agency=first.agency, unit=first.unit)


def _target(turn: Occasion, command: OrderAssignment) -> Unit:
    unit = turn.facts.get(KnownUnit, command.unit)
    if unit is None or unit.agency != command.agency:
        raise Refused("UNIT_UNKNOWN", status=422, where="unit", unit=command.unit)
    return Unit(agency=command.agency, unit=command.unit)


def _lawful(turn: Occasion, command: OrderAssignment, people: tuple[str, ...]) -> None:
    """Raises Refused KIND_UNKNOWN, TOO_MANY_PEOPLE, BASIS_AHEAD, DISASTER_UNKNOWN, ASSIGNMENT_TOO_LONG."""
    if unknown := [kind for kind in command.missing if documents().kind(kind) is None]:
        raise Refused("KIND_UNKNOWN", status=422, where="missing", kind=unknown[0])
    today, rule = turn.today(command.agency), turn.rules.emergency
    if len(people) > rule.people:
        raise Refused("TOO_MANY_PEOPLE", status=422, where="people", most=rule.people)
    if command.basis.dated > today:
        raise Refused("BASIS_AHEAD", status=422, where="basis.dated", dated=command.basis.dated.isoformat())
    disaster = turn.facts.get(Disaster, declared_id(command.agency, command.basis.number))
    if disaster is None or not disaster.holds_on(today):
        raise Refused("DISASTER_UNKNOWN", status=422, where="basis.number", number=command.basis.number)
    latest = add_months(today, rule.months)
    if not today <= command.ends_on <= latest:
        raise Refused("ASSIGNMENT_TOO_LONG", status=422, where="ends_on", latest=latest.isoformat())


def _letter(
    turn: Occasion, state: Assignment, command: OrderAssignment, origin: Unit, target: Unit
) -> AssignmentOrdered:
    rule, zone = turn.rules.emergency, turn.zone(target.agency)
    turn.facts.want((Agency, origin.agency), (Agency, target.agency))
    end = datetime.combine(command.ends_on + timedelta(days=1), time(), zone.info).astimezone(UTC)
    wish = command.model_dump(include={"basis", "ends_on", "purpose", "expected_result"})
    return AssignmentOrdered.model_validate(
        {
            **wish,
            "assignment": state.assignment,
            "by": turn.actor.person,
            "people": (),
            "origin": origin,
            "target": target,
            "starts_on": turn.today(target.agency),
            "ends_at": end,
            "due": turn.deadline(origin.agency, rule.working_days),
            "remind_at": turn.deadline(origin.agency, rule.remind_after),
        }
    )


def _given(letter: AssignmentOrdered, person: str, missing: tuple[str, ...]) -> AssignmentGiven:
    about = letter.model_dump(include={"assignment", "starts_on", "ends_on", "due"})
    place = letter.target.model_dump()
    return AssignmentGiven.model_validate({**about, **place, "person": person, "documents": missing})
