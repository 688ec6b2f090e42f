"""People decide: the panel chooses on the ranking, and seats that are given up are offered to who stands next. Pure."""

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field, StringConstraints

from services.evaluation.domain.facts import Employee
from services.evaluation.domain.ranking.setting import setting
from services.evaluation.domain.ranking.state import Ranking
from services.evaluation.domain.ranking.turn import Turn
from shared.contracts.ranking import (
    Attempt,
    RankedLine,
    RankingAccepted,
    RankingDecided,
    RankingDeclined,
    RankingOffered,
)
from shared.kernel.decider import Command, Event, Refused, TimerDue

LAPSE = "offer"
GONE = frozenset({"retired", "dead"})
Case = Annotated[str, Field(min_length=1, max_length=200)]


class Choose(Command):
    """The panel's choice on a version of the ranking; with a written reason where it departs from the order."""

    version: int
    chosen: Annotated[tuple[Case, ...], Field(max_length=500)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = ""


class AcceptOffer(Command):
    """The person takes the seat that became free."""

    case: Case


class DeclineOffer(Command):
    """The person does not want it."""

    case: Case


def choose(state: Ranking, command: Choose, turn: Turn) -> list[Event]:
    """Raises Refused RANKING_STATE, RANKING_CHANGED, NOT_RANKED, MORE_THAN_SEATS, PARTY_TO_CASE, REASON_NEEDED."""
    if state.status != "published":
        raise Refused("RANKING_STATE", status_now=state.status)
    if command.version != state.version:
        raise Refused("RANKING_CHANGED", where="version", version=state.version)
    lines = {line.case: line for line in state.standing}
    chosen = tuple(dict.fromkeys(command.chosen))
    if unknown := [case for case in chosen if case not in lines]:
        raise Refused("NOT_RANKED", status=422, where="chosen", case=unknown[0])
    if len(chosen) > state.quota:
        raise Refused("MORE_THAN_SEATS", status=422, where="chosen", quota=state.quota)
    office = turn.office(state)
    _impartial(state, turn)
    first = [line.case for line in state.standing[: state.quota]]
    deviates = set(chosen) != set(first)
    if deviates and not command.reason:
        raise Refused("REASON_NEEDED", status=422, where="reason")
    said = {"by": turn.person, "office": office.office, "deviates": deviates, "reason": command.reason}
    return [
        RankingDecided.model_validate(
            {
                **said,
                "vacancy": state.vacancy,
                "version": state.version,
                "chosen": tuple(Attempt(case=case, attempt=lines[case].attempt) for case in chosen),
                "others": tuple(_attempt(line) for line in state.standing if line.case not in chosen),
            }
        )
    ]


def _attempt(line: RankedLine) -> Attempt:
    return Attempt(case=line.case, attempt=line.attempt)


def _impartial(state: Ranking, turn: Turn) -> None:
    """Nobody decides where they, or somebody related to them, take part (I9)."""
    people = {line.person for line in state.standing}
    turn.facts.want(*((Employee, person) for person in sorted(people)))
    known = [turn.facts.get(Employee, person) for person in sorted(people)]
    related = {other for employee in known if employee for other in employee.profile.relatives}
    if turn.person in people | related:
        raise Refused("PARTY_TO_CASE", status=403)


def _offer_of(state: Ranking, case: str, turn: Turn) -> RankedLine:
    line, offer = state.line(case), state.offers.get(case)
    if line is None or offer is None or turn.person != line.person:
        raise Refused("NO_OFFER", status=404)
    if offer.answer is not None or offer.until < turn.message.time:
        raise Refused("OFFER_OVER")
    return line


def accept(state: Ranking, command: AcceptOffer, turn: Turn) -> list[Event]:
    line = _offer_of(state, command.case, turn)
    about = {"vacancy": state.vacancy, "case": line.case, "person": line.person}
    return [RankingAccepted.model_validate({**about, "attempt": line.attempt + 1})]


def decline(state: Ranking, command: DeclineOffer, turn: Turn) -> list[Event]:
    line = _offer_of(state, command.case, turn)
    return [RankingDeclined(vacancy=state.vacancy, case=line.case, person=line.person, cause="declined")]


def lapsed(state: Ranking, timer: TimerDue) -> list[Event]:
    case = timer.id.removeprefix(f"{LAPSE}:")
    line = state.line(case)
    if line is None or case not in state.waiting:
        return []
    return [RankingDeclined(vacancy=state.vacancy, case=case, person=line.person, cause="lapsed")]


def _may_be_asked(state: Ranking, line: RankedLine, turn: Turn) -> bool:
    if line.case in state.holders or line.case in state.offers:
        return False
    known = turn.facts.get(Employee, line.person)
    return known is None or known.profile.status not in GONE


def offers(state: Ranking, turn: Turn) -> Iterator[RankingOffered]:
    """Seats that are free after the choice, offered in the order of the ranking, each to somebody not asked yet who
    still serves."""
    if state.placement is None or not state.free:
        return
    passed = (one for one in state.standing if _may_be_asked(state, one, turn))
    for line, _ in zip(passed, range(state.free), strict=False):
        yield RankingOffered(
            vacancy=state.vacancy,
            placement=state.placement,
            case=line.case,
            person=line.person,
            rank=line.rank,
            until=turn.deadline(state, setting().offer),
        )
