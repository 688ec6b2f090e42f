"""Who may act on a task: the office, held or stood in for, and the separation of duties (I9)."""

from datetime import date
from typing import NamedTuple

from services.approval.domain.facts import Applicant, Deputy, Employee, Holder, applicant_id
from services.approval.domain.task import Task
from services.approval.domain.turn import Turn
from shared.contracts.tasks import Mandate
from shared.kernel.decider import Actor, Office, Refused


class Standing(NamedTuple):
    """Who acts, and for whom: "" for one's own office."""

    by: str
    on_behalf_of: str = ""


def lawful(turn: Turn, task: Task) -> Standing:
    """The person who acts, if they may.

    Raises Refused: ACCOUNT_NOT_LINKED, OFFICE_NEEDED (neither held nor stood in for today where the agency is),
    ACTING_LIMITED, KONFLIK_KEPENTINGAN (own case, a relative's or a competitor's: PP 11/2017 ps 190(5), S),
    DUTIES_NOT_SEPARATE (decided an earlier stage of this attempt).
    """
    actor = turn.actor
    today = turn.today(turn.state.zone_of(task.stage))
    held = _held(actor.offices, task, today)
    if held:
        _within(turn, task, held)
    standing = Standing(actor.person) if held else _standing_in(turn, task, today)
    impartial(turn, task, standing.by)
    return standing


def colleague(turn: Turn, task: Task, person: str) -> None:
    """Refuse to hand a task to somebody who may not decide it. Raises Refused as `lawful`, where="to"."""
    holder = turn.facts.get(Holder, person)
    held = _held(holder.offices if holder else (), task, turn.today(turn.state.zone_of(task.stage)))
    if not held:
        raise _office_needed(task, where="to")
    _within(turn, task, held)
    impartial(turn, task, person)


def impartial(turn: Turn, task: Task, person: str) -> None:
    """Raises Refused KONFLIK_KEPENTINGAN, DUTIES_NOT_SEPARATE."""
    if party(turn, person):
        raise Refused("KONFLIK_KEPENTINGAN", status=403)
    _separate(turn, task, person)


def _held(offices: tuple[Office, ...], task: Task, today: date) -> list[Office]:
    """Those of the offices that this task waits for and that are held on that day."""
    place = (task.office, task.agency, task.unit or None)
    return [one for one in offices if Actor(login="", offices=(one,)).holds(place[0], today, place[1], place[2])]


def _within(turn: Turn, task: Task, held: list[Office]) -> None:
    """Acting heads (Plh, Plt) have limits (E09). Raises Refused ACTING_LIMITED."""
    stage = turn.state.stage(task.stage)
    if not stage.acting and all(office.capacity != "definitive" for office in held):
        raise Refused("ACTING_LIMITED", status=403, stage=stage.id, capacity=held[0].capacity)


def _standing_in(turn: Turn, task: Task, today: date) -> Standing:
    """As a substitute. The right rests on the absent holder's own office and its limits, so there are no chains."""
    deputy = turn.facts.get(Deputy, turn.actor.person)
    for mandate in deputy.mandates if deputy else ():
        holder = turn.facts.get(Holder, mandate.absent) if _covers(mandate, task, today) else None
        if held := _held(holder.offices if holder else (), task, today):
            _within(turn, task, held)
            return Standing(turn.actor.person, mandate.absent)
    raise _office_needed(task)


def _covers(mandate: Mandate, task: Task, today: date) -> bool:
    place = (mandate.office, mandate.agency) == (task.office, task.agency) and task.unit in ("", mandate.unit)
    return place and mandate.since <= today < mandate.until


def _office_needed(task: Task, where: str = "") -> Refused:
    place = {"office": task.office, "agency": task.agency, "unit": task.unit}
    return Refused("OFFICE_NEEDED", status=403, where=where, **place)


def party(turn: Turn, person: str) -> bool:
    """The person of the case, a partner in the same exchange or on the same list, a relative of either, whichever names
    the other, or who applied for the same seat.

    Fails closed while the relatives are unknown.
    """
    subjects = tuple(filter(None, (turn.state.person, *turn.state.partners)))
    if person in subjects:
        return True
    rival = applicant_id(turn.state.vacancy, person)
    turn.facts.want(*((Employee, subject) for subject in subjects), (Employee, person), (Applicant, rival))
    if turn.facts.get(Applicant, rival) is not None:
        return True
    if any(person in turn.facts.need(Employee, subject).relatives for subject in subjects):
        return True
    # An official from outside, such as a liaison, need not be an employee the registry knows.
    official = turn.facts.get(Employee, person)
    return official is not None and not set(subjects).isdisjoint(official.relatives)


def _separate(turn: Turn, task: Task, person: str) -> None:
    allowed = turn.state.stage(task.stage).also_by
    for decided in turn.state.decisions:
        if person in (decided.by, *decided.members) and decided.stage not in allowed:
            raise Refused("DUTIES_NOT_SEPARATE", status=403, stage=decided.stage)
