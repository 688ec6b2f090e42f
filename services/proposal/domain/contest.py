"""A human for what the system refused (UU 27/2022 ps 10): the person asks, an office answers, in writing.

Only what a machine refused alone can be contested: a rule's finding, a re-check, a seat. What officials refused has
their names and the way of objection. Where the human upholds a refusal it is theirs, and cannot be contested again.
"""

from services.proposal.domain.commands import Contest, DecideContest, Wish
from services.proposal.domain.compose import settle
from services.proposal.domain.filing import handed_in
from services.proposal.domain.state import Case, receipt
from services.proposal.domain.turn import Turn
from shared.contracts.contest import ContestDecided, ContestEscalated, ProposalContested
from shared.contracts.proposal import Content, Human, ProposalSubmitted
from shared.kernel.decider import Event, Office, Refused

MACHINE = frozenset({"evaluation", "recheck", "seat"})
"""Stages at which nobody but the system refused."""
HUMAN = "human"
BY_PANEL = "KALAH_PERINGKAT"


def contestable(state: Case) -> bool:
    """Whether the case was refused by the system alone, so that the person may ask for a human."""
    return state.status == "refused" and state.stage in MACHINE and BY_PANEL not in state.codes


def contest(turn: Turn, command: Contest) -> list[Event]:
    """Ask for a human. Raises Refused NOT_YOURS, NOT_CONTESTABLE."""
    state, actor = turn.state, turn.actor
    if actor.person != state.person or not actor.person:
        raise Refused("NOT_YOURS", status=403, where="person")
    if state.status == "contested":
        return []
    if not contestable(state):
        raise Refused("NOT_CONTESTABLE", status_now=state.status, stage=state.stage)
    way, agency = turn.rules.contest, state.wanted.target.agency
    about = {"case": state.case, "person": state.person, "attempt": state.attempt, "by": actor.person}
    where = {"office": way.offices[0], "agency": agency, "unit": "", "until": turn.deadline(agency, way.working_days)}
    return [ProposalContested.model_validate({**about, **where, "reason": command.reason})]


def contest_late(turn: Turn) -> list[Event]:
    """Nobody answered in time: who is told now, and by when they are to see to it. Raises NotYet."""
    state, agency = turn.state, turn.state.wanted.target.agency
    if state.status != "contested" or state.until is None:
        return []
    late = turn.rules.contest.late
    about = {"case": state.case, "person": state.person, "attempt": state.attempt, "late": state.until}
    where = {"office": late.office, "agency": agency, "unit": "", "until": turn.deadline(agency, late.working_days)}
    return [ContestEscalated.model_validate({**about, **where})]


def decide_contest(turn: Turn, command: DecideContest) -> list[Event]:
    """A human's answer. Raises Refused OFFICE_NEEDED, PARTY_TO_CASE, WRONG_STATE, or why the case cannot go on."""
    state = turn.state
    if state.content is None:
        raise Refused("NOT_FOUND", status=404)
    office = _office(turn)
    if state.status != "contested":
        raise Refused("WRONG_STATE", status_now=state.status)
    if turn.actor.person in (state.person, state.by, *state.wanted.partners):
        raise Refused("PARTY_TO_CASE", status=403)
    about = {"case": state.case, "person": state.person, "attempt": state.attempt, "by": turn.actor.person}
    decided = ContestDecided.model_validate({**about, "office": office.office, **command.model_dump(exclude={"rules"})})
    return [decided, _reopened(turn, command, office)] if command.decision == "reopen" else [decided]


def _office(turn: Turn) -> Office:
    """By which office they answer, at the agency that would receive the person."""
    agency = turn.state.wanted.target.agency
    today = turn.today(agency)
    for held in turn.actor.offices:
        if held.office in turn.rules.contest.offices and turn.actor.holds(held.office, today, agency, ""):
            return held
    raise Refused("OFFICE_NEEDED", status=403, offices=list(turn.rules.contest.offices))


def _reopened(turn: Turn, command: DecideContest, office: Office) -> ProposalSubmitted:
    state, agency = turn.state, turn.state.wanted.target.agency
    human = Human(by=turn.actor.person, office=office.office, agency=agency, reason=command.reason, rules=command.rules)
    awaits = state.wanted.awaits_ranking and not state.reserved
    return next_attempt(turn, state.attempt + 1, awaits=awaits, human=human)


def next_attempt(turn: Turn, attempt: int, *, awaits: bool, human: Human | None = None) -> ProposalSubmitted:
    """The same wish on today's facts, after the case had ended. Raises Refused as `settle` does, GROUP_FIXED."""
    state, old = turn.state, turn.state.wanted
    if old.group:
        raise Refused("GROUP_FIXED", group=old.group)
    content = settle(turn, Wish.model_validate(old.model_dump()), old.person, old.initiative)
    return ProposalSubmitted(
        case=state.case,
        attempt=attempt,
        content=Content.model_validate({**content.model_dump(), "awaits_ranking": awaits}),
        by=human.by if human else state.person,
        receipt=receipt(state.case),
        submitted_on=turn.today(content.origin.agency),
        human=human,
        **handed_in(turn, content),
    )
