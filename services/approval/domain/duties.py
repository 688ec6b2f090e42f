"""Who may act on a task: the office, and the separation of duties (invariant I9)."""

from services.approval.domain.facts import Employee
from services.approval.domain.state import Task
from services.approval.domain.turn import Turn
from shared.kernel.calendar import Zone
from shared.kernel.decider import Refused


def lawful(turn: Turn, task: Task) -> str:
    """The person who acts, if they may.

    Raises Refused: ACCOUNT_NOT_LINKED, OFFICE_NEEDED (not held today where the agency is),
    KONFLIK_KEPENTINGAN (own case or a relative's: PP 11/2017 ps 190(5), S), DUTIES_NOT_SEPARATE (decided an
    earlier stage of this attempt).
    """
    actor = turn.actor
    today = turn.today(Zone[turn.state.zone])
    if not actor.holds(task.office, today, task.agency, task.unit or None):
        raise Refused("OFFICE_NEEDED", status=403, office=task.office, agency=task.agency, unit=task.unit)
    if _party(turn, actor.person):
        raise Refused("KONFLIK_KEPENTINGAN", status=403)
    _separate(turn, task, actor.person)
    return actor.person


def _party(turn: Turn, person: str) -> bool:
    """The person of the case or a relative, whichever names the other. Fails closed while unknown."""
    subject = turn.state.person
    if person == subject:
        return True
    turn.facts.want((Employee, subject), (Employee, person))
    if person in turn.facts.need(Employee, subject).relatives:
        return True
    # An official from outside, such as a liaison, need not be an employee the registry knows.
    official = turn.facts.get(Employee, person)
    return official is not None and subject in official.relatives


def _separate(turn: Turn, task: Task, person: str) -> None:
    allowed = turn.state.stage(task.stage).also_by
    for decided in turn.state.decisions:
        if decided.by == person and decided.stage not in allowed:
            raise Refused("DUTIES_NOT_SEPARATE", status=403, stage=decided.stage)
