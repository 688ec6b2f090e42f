"""Decisions about the ranking of a vacancy: it gathers, is published at the closing, and the panel chooses. Pure.

An application of before the closing that is judged after it makes a new version: nobody loses by a slow message. A seat
that is given up is offered to who stands next. Source: PP 11/2017 ps 190(4), 191; UU 27/2022 ps 10: people decide.
"""

from collections.abc import Callable, Mapping
from typing import Any

from services.evaluation.domain.ranking.choice import (
    LAPSE,
    AcceptOffer,
    Choose,
    DeclineOffer,
    accept,
    choose,
    decline,
    lapsed,
    offers,
)
from services.evaluation.domain.ranking.order import entry_of
from services.evaluation.domain.ranking.state import PREFIX, Offer, Ranking, evolve
from services.evaluation.domain.ranking.turn import Turn
from services.evaluation.domain.ruleset import Ruleset
from shared.contracts.evaluation import EvaluationCompleted
from shared.contracts.proposal import SeatReleased
from shared.contracts.ranking import Attempt, RankingDecided, RankingEnded, RankingEntered, RankingLeft, RankingOpened
from shared.contracts.registry import VacancyAmended, VacancyClosed, VacancyPublished
from shared.kernel.decider import Decider, Event, Facts, Frozen, Message, NotYet, Timer, TimerDue

DUE = "due"


def _opened(state: Ranking, event: VacancyPublished | VacancyAmended) -> list[Event]:
    """Said once, and again when the number of seats changes."""
    if isinstance(event, VacancyPublished):
        about = {"placement": event.placement, "title": event.post_title, "zone": event.zone}
    elif state.status == "none":
        raise NotYet(f"vacancy/{state.vacancy}")
    else:
        about = {"placement": event.placement, "title": state.title, "zone": state.zone}
    if state.status != "none" and event.quota == state.quota:
        return []
    return [RankingOpened.model_validate({**about, "vacancy": state.vacancy, "quota": event.quota})]


def _closed(state: Ranking, event: VacancyClosed, turn: Turn) -> list[Event]:
    if state.status in ("none", "ended"):
        return []
    if event.cause == "cancelled":
        return [RankingEnded(vacancy=state.vacancy)]
    return [turn.published(state)] if state.status == "gathering" else []


def _evaluated(state: Ranking, event: EvaluationCompleted, turn: Turn) -> list[Event]:
    """Who is eligible takes part; after the closing as a new version, after the choice among those not chosen."""
    if state.status == "none":
        raise NotYet(f"vacancy/{state.vacancy}")
    known = state.entries.get(event.case)
    late = known is not None and known.attempt >= event.attempt
    if not event.eligible or late or state.gone.get(event.case, 0) >= event.attempt or state.status == "ended":
        return []
    entry = entry_of(event)
    entered = RankingEntered(vacancy=state.vacancy, case=event.case, **entry.model_dump())
    if state.status == "gathering":
        return [entered]
    after = evolve(state, entered)
    published = turn.published(after)
    if after.choice is None:
        return [entered, published]
    others = (Attempt(case=event.case, attempt=event.attempt),)
    return [entered, published, _again(evolve(after, published), others)]


def _again(state: Ranking, others: tuple[Attempt, ...]) -> RankingDecided:
    """The choice stands; one who came late is told that they are not among those chosen."""
    if state.choice is None:
        raise ValueError(f"nobody was chosen for {state.vacancy}")
    said = state.choice.model_dump(include={"by", "office", "deviates", "reason"})
    attempts = {line.case: line.attempt for line in state.lines}
    chosen = tuple(Attempt(case=case, attempt=attempts[case]) for case in state.choice.chosen)
    return RankingDecided(vacancy=state.vacancy, version=state.version, chosen=chosen, others=others, **said)


def _released(state: Ranking, event: SeatReleased) -> list[Event]:
    if state.status == "none":
        raise NotYet(f"vacancy/{state.vacancy}")
    if state.gone.get(event.case, 0) >= event.attempt:
        return []
    return [RankingLeft(vacancy=state.vacancy, case=event.case, attempt=event.attempt)]


HANDLERS: Mapping[type[Frozen], Callable[[Ranking, Any, Turn], list[Event]]] = {
    VacancyPublished: lambda state, event, _: _opened(state, event),
    VacancyAmended: lambda state, event, _: _opened(state, event),
    VacancyClosed: _closed,
    EvaluationCompleted: _evaluated,
    SeatReleased: lambda state, event, _: _released(state, event),
    Choose: choose,
    AcceptOffer: accept,
    DeclineOffer: decline,
    TimerDue: lambda state, timer, turn: turn.escalated(state) if timer.name == DUE else lapsed(state, timer),
}


def make_rankings(ruleset: Ruleset) -> Decider[Ranking]:
    """The decider under these rules. A seat that is given up is offered to the next in the same breath."""

    def decide(state: Ranking, message: Message, facts: Facts) -> list[Event]:
        turn = Turn(message, facts, ruleset)
        handle = HANDLERS.get(type(message.body))
        events = handle(state, message.body, turn) if handle else []
        for event in events:
            state = evolve(state, event)
        return [*events, *offers(state, turn)] if events else []

    return Decider(
        "rankings",
        Ranking,
        lambda id: Ranking(vacancy=id.removeprefix(PREFIX)),
        decide,
        evolve,
        timers=_timers,
        answer=_answer,
        register=True,  # everyone who applies is a source of their own
    )


def _timers(state: Ranking) -> tuple[Timer, ...]:
    waiting: Mapping[str, Offer] = state.waiting
    offered = tuple(Timer(f"{LAPSE}:{case}", offer.until, LAPSE) for case, offer in waiting.items())
    if state.status != "published" or state.due is None:
        return offered
    return (*offered, Timer(f"{DUE}:{state.due.isoformat()}", state.due, DUE))


def _answer(state: Ranking) -> Mapping[str, Any]:
    return {"status": state.status, "ranking_version": state.version, "quota": state.quota}
