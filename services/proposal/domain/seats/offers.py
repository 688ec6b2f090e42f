"""A seat that becomes free before its decree is offered to those who were told that all are taken, first come first
served, each until a day. Pure.

Of a ranked vacancy the ranking offers it (`services/evaluation/domain/ranking`). The offered seat is kept: who applies
meanwhile waits behind.
"""

from collections.abc import Iterable

from services.proposal.domain.commands import Id
from services.proposal.domain.facts import Employee, Vacancy
from services.proposal.domain.groups import group_of
from services.proposal.domain.seats.state import Seats, Waiter
from services.proposal.domain.turn import Occasion
from shared.contracts.freed import SeatAccepted, SeatAwaited, SeatDeclined, SeatOffered
from shared.contracts.proposal import ProposalRefused, SeatReserved
from shared.kernel.decider import Command, Event, Refused, Timer, TimerDue

LAPSE = "offer"
FULL = frozenset({"FORMASI_PENUH", "QUOTA_REDUCED"})
"""Codes of a refusal for want of a seat."""


class TakeSeat(Command):
    """The person wants the seat that is offered."""

    case: Id


class LeaveSeat(Command):
    """The person does not want it."""

    case: Id


def awaits(state: Seats, event: ProposalRefused) -> list[SeatAwaited]:
    """The case ended for want of a seat: it waits, unless its person waits already or it is a part of an exchange."""
    twice = any(waiter.person == event.person for waiter in state.waiters.values())
    full = event.stage == "seat" and not FULL.isdisjoint(event.codes)
    if state.ranked or twice or not full or group_of(event.case):
        return []
    return [SeatAwaited.model_validate(event.model_dump(include=set(SeatAwaited.model_fields)))]


def offers(state: Seats, occasion: Occasion) -> Iterable[Event]:
    """A dated offer for each seat that is free now; who retired or died meanwhile is passed over, for good. Raises
    NotYet for an agency that nobody told yet."""
    waiting, free = () if state.closed else state.those("waiting"), state.free
    for case in waiting:
        if free == 0:
            return
        if _gone(occasion, state.waiters[case].person):
            yield _declined(state, case, "lapsed")
        else:
            yield _offer(state, case, occasion)
            free -= 1


def _gone(occasion: Occasion, person: str) -> bool:
    employee = occasion.facts.get(Employee, person)
    return employee is not None and bool(employee.gone)


def _offer(state: Seats, case: str, occasion: Occasion) -> SeatOffered:
    agency = occasion.facts.need(Vacancy, state.vacancy).placement.agency
    until = occasion.deadline(agency, occasion.rules.offer_days(occasion.today(agency)))
    about = {"vacancy": state.vacancy, "case": case, "person": state.waiters[case].person}
    return SeatOffered.model_validate({**about, "attempt": state.cases[case].attempt, "until": until})


def take(state: Seats, command: TakeSeat, occasion: Occasion) -> list[Event]:
    """The case goes on. Raises Refused NO_OFFER, OFFER_OVER, FORMASI_PENUH (others took the seat meanwhile)."""
    waiter, attempt = _offered(state, command.case, occasion), state.cases[command.case].attempt + 1
    if state.used >= state.there:
        raise Refused("FORMASI_PENUH")
    about = {"vacancy": state.vacancy, "case": command.case, "attempt": attempt}
    return [SeatAccepted.model_validate({**about, "person": waiter.person}), SeatReserved.model_validate(about)]


def leave(state: Seats, command: LeaveSeat, occasion: Occasion) -> list[Event]:
    """It is offered to the next. Raises Refused NO_OFFER, OFFER_OVER."""
    _offered(state, command.case, occasion)
    return [_declined(state, command.case, "declined")]


def lapsed(state: Seats, due: TimerDue) -> list[Event]:
    """Nobody answered in time."""
    case = next((case for case in state.those("offered") if _timer_id(state, case) == due.id), "")
    return [_declined(state, case, "lapsed")] if case else []


def timers(state: Seats) -> tuple[Timer, ...]:
    """The end of each offer."""
    ends = ((case, waiter.until) for case, waiter in state.waiters.items())
    return tuple(Timer(_timer_id(state, case), until, LAPSE) for case, until in ends if until is not None)


def _timer_id(state: Seats, case: str) -> str:
    return f"{LAPSE}-{state.cases[case].attempt}-{case}"


def _declined(state: Seats, case: str, cause: str) -> SeatDeclined:
    about = {"vacancy": state.vacancy, "case": case, "person": state.waiters[case].person}
    return SeatDeclined.model_validate({**about, "attempt": state.cases[case].attempt, "cause": cause})


def _offered(state: Seats, case: str, occasion: Occasion) -> Waiter:
    waiter = state.waiters.get(case)
    if waiter is None or waiter.until is None or occasion.actor.person != waiter.person:
        raise Refused("NO_OFFER", status=404)
    if state.closed or waiter.until < occasion.message.time:
        raise Refused("OFFER_OVER")
    return waiter
