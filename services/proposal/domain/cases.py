"""Decisions about a case. It is the arbiter: whatever crosses, what it said first is what holds."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from services.proposal.domain import adoption, answers, planned
from services.proposal.domain.commands import (
    Agree,
    Announce,
    AnswerConcern,
    CheckDocument,
    ConfirmTalk,
    Contest,
    DecideContest,
    Draft,
    FileDocument,
    ProposeTalk,
    RaiseConcern,
    RemoveDocument,
    Revise,
    Submit,
    Wish,
    Withdraw,
)
from services.proposal.domain.compose import again, compose
from services.proposal.domain.contest import contest, contest_late, contestable, decide_contest
from services.proposal.domain.filing import (
    check_document,
    file_document,
    handed_in,
    must_be_complete,
    remove_document,
)
from services.proposal.domain.rules import Rules
from services.proposal.domain.state import Case, evolve, receipt
from services.proposal.domain.turn import Calendars, Turn, sponsor
from services.proposal.domain.voice import (
    agree,
    announce,
    answer_concern,
    confirm_talk,
    must_be_heard,
    propose_talk,
    raise_concern,
)
from shared.contracts.assignments import AssignmentConverted
from shared.contracts.freed import SeatAccepted
from shared.contracts.groups import GroupFormed, GroupOrdered
from shared.contracts.papers import PaperFiled, PaperWithdrawn
from shared.contracts.plan import PlanWavePublished
from shared.contracts.proposal import (
    Content,
    ProposalDrafted,
    ProposalExpired,
    ProposalRevised,
    ProposalSubmitted,
    ProposalWithdrawn,
)
from shared.contracts.ranking import RankingAccepted
from shared.contracts.voice import ProposalHeard
from shared.kernel.calendar import indonesia
from shared.kernel.decider import Decider, Event, Facts, Frozen, Message, Refused, Timer, TimerDue

EXPIRY, CONTEST, SEAT = "resubmission", "contest", "seat"


def make_cases(rules: Rules, calendars: Calendars = indonesia) -> Decider[Case]:
    """The decider of cases under these settings and calendars."""
    return Decider(
        name="cases",
        state=Case,
        initial=lambda id: Case(case=id),
        decide=partial(_decide, rules, calendars),
        evolve=evolve,
        timers=_timers,
        conflict=_conflict,
        answer=_answer,
        watches={"employee": "person", "vacancy_closed": "vacancy"},
    )


def _decide(rules: Rules, calendars: Calendars, state: Case, message: Message, facts: Facts) -> list[Event]:
    handle = HANDLERS.get(type(message.body))
    return handle(Turn(message, facts, rules, calendars, state), message.body) if handle else []


def _draft(turn: Turn, command: Draft) -> list[Event]:
    if turn.state.status != "new":
        raise Refused("WRONG_STATE", status_now=turn.state.status)
    me = turn.actor.person
    person = command.person or (me if command.initiative == "own" else "")
    if not person:
        raise Refused("PERSON_MISSING", status=422, where="person")
    content = compose(turn, command, person, command.initiative)
    return [ProposalDrafted(case=turn.state.case, content=content, by=me)]


def _revise(turn: Turn, command: Revise) -> list[Event]:
    _editable(turn.state)
    old = turn.state.wanted
    if old.group:
        raise Refused("GROUP_FIXED", group=old.group)
    content = compose(turn, command, old.person, old.initiative)
    if turn.state.attempt and old.initiative == "agency" and content.target != old.target:
        raise Refused("TARGET_FIXED", where="vacancy")
    return [ProposalRevised(case=turn.state.case, content=content, by=turn.actor.person)]


def _submit(turn: Turn, command: Submit) -> list[Event]:
    """Hand in on today's facts. An own request needs consent (persetujuan), the agency's does not, but the person is
    heard first; in an exchange it then waits for the partners."""
    state = turn.state
    _editable(state)
    content = again(turn) if state.group else _wanted(turn, command)
    if content.initiative == "own" and not content.consent:
        raise Refused("CONSENT_MISSING", status=422, where="consent")
    must_be_heard(turn, content)
    must_be_complete(turn, content)
    if state.status == "announced" and state.group:
        return [ProposalHeard(case=state.case, person=state.person, group=state.group, by=turn.actor.person)]
    return [
        ProposalSubmitted(
            case=state.case,
            attempt=state.attempt + 1,
            content=content,
            by=turn.actor.person,
            receipt=receipt(state.case),
            submitted_on=turn.today(content.origin.agency),
            **handed_in(turn, content),
        )
    ]


def _wanted(turn: Turn, command: Submit) -> Content:
    old = turn.state.wanted
    wish = Wish.model_validate({**old.model_dump(), "consent": old.consent or command.consent})
    return compose(turn, wish, old.person, old.initiative)


def _withdraw(turn: Turn, command: Withdraw) -> list[Event]:
    state = turn.state
    if state.status in ("approved", "completed"):
        raise Refused("ALREADY_APPROVED", status_now=state.status)
    if state.status not in ("draft", "announced", "waiting", "submitted", "returned"):
        _over(state)
    turn.may_speak(state.wanted.initiative, state.person, sponsor(state.wanted.origin, state.wanted.target))
    return [
        ProposalWithdrawn(
            case=state.case,
            person=state.person,
            attempt=state.attempt,
            by=turn.actor.person,
            reason=command.reason,
            vacancy=state.vacancy,
        )
    ]


def _rang(turn: Turn, due: TimerDue) -> list[Event]:
    """A returned file was not mended in time, nobody answered a contest, or no seat was free in time for a case whose
    own was taken."""
    state = turn.state
    if due.name == CONTEST:
        return contest_late(turn)
    if due.name == SEAT:
        return answers.seat_lost(turn)
    if state.status != "returned":
        return []
    return [ProposalExpired(case=state.case, person=state.person, attempt=state.attempt, vacancy=state.vacancy)]


def _editable(state: Case) -> None:
    if state.status not in ("draft", "announced", "returned"):
        _over(state)


def _over(state: Case) -> None:
    if state.status == "new":
        raise Refused("NOT_FOUND", status=404)
    code = "WRONG_STATE" if state.open or state.status == "waiting" else "CASE_OVER"
    raise Refused(code, status_now=state.status)


def _timers(state: Case) -> tuple[Timer, ...]:
    if state.status == "submitted" and state.suspended is not None:
        return (Timer(f"{SEAT}-{state.attempt}-{state.suspended:%Y%m%d%H%M}", state.suspended, SEAT),)
    if state.until is None:
        return ()
    if state.status == "contested":
        return (Timer(f"{CONTEST}-{state.until.isoformat()}", state.until, CONTEST),)
    return (Timer(f"{EXPIRY}-{state.attempt}", state.until, EXPIRY),) if state.status == "returned" else ()


def _conflict(state: Case, message: Message, index: str) -> list[Event]:
    """A unique index stays violated: the person has another open case (one case at a time, domain code)."""
    if isinstance(message.body, GroupFormed):
        return answers.clash(state, message.body)
    if isinstance(message.body, RankingAccepted | SeatAccepted):
        return answers.offer_lost(state, message.body, "PERKARA_TERBUKA")
    if isinstance(message.body, PaperFiled):
        return adoption.cannot(state, message.body, "PERKARA_TERBUKA")
    raise Refused("PERKARA_TERBUKA", where="person", index=index, case=state.case)


def _answer(state: Case) -> Mapping[str, Any]:
    return {
        **state.model_dump(mode="json", exclude={"case", "open", "documents", "filed"}),
        "contestable": contestable(state),
    }


HANDLERS: Mapping[type[Frozen], Callable[[Turn, Any], list[Event]]] = {
    Draft: _draft,
    Revise: _revise,
    Submit: _submit,
    Withdraw: _withdraw,
    Announce: announce,
    Agree: agree,
    RaiseConcern: raise_concern,
    AnswerConcern: answer_concern,
    ProposeTalk: propose_talk,
    ConfirmTalk: confirm_talk,
    Contest: contest,
    DecideContest: decide_contest,
    FileDocument: file_document,
    CheckDocument: check_document,
    RemoveDocument: remove_document,
    TimerDue: _rang,
    PlanWavePublished: planned.published,
    PaperFiled: adoption.adopt,
    PaperWithdrawn: adoption.taken_back,
    GroupOrdered: planned.ordered,
    AssignmentConverted: planned.ordered,
    **answers.HANDLERS,
}
