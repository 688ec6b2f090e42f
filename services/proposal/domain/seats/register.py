"""Register of a vacancy's seats (formasi), never above its quota (I5): first come, first served; those of a ranked
vacancy go to whom the panel chose.

It hears the cases of one vacancy from as many sources, so it finds repeats in its own state: what it knows of
a case is the last attempt it answered and how that ended.
"""

from collections.abc import Callable, Mapping
from functools import partial, reduce
from typing import Any

from services.proposal.domain.rules import Rules
from services.proposal.domain.seats.offers import LeaveSeat, TakeSeat, awaits, lapsed, leave, offers, take, timers
from services.proposal.domain.seats.state import HELD, PREFIX, Seat, Seats, evolve
from services.proposal.domain.turn import Calendars, Occasion
from shared.contracts.overbooking import PositionOverbooked, SeatsShort, VacancyShort
from shared.contracts.proposal import (
    ProposalCompleted,
    ProposalExpired,
    ProposalRefused,
    ProposalReturned,
    ProposalSubmitted,
    ProposalWithdrawn,
    SeatRefused,
    SeatReleased,
    SeatReserved,
    SeatsClosed,
    SeatsOpened,
    SeatTaken,
)
from shared.contracts.ranking import Attempt, RankingAccepted, RankingDecided
from shared.contracts.registry import VacancyAmended, VacancyClosed, VacancyPublished
from shared.kernel.calendar import indonesia
from shared.kernel.decider import Decider, Event, Facts, Frozen, Message, NotYet, TimerDue


def make_seats(rules: Rules, calendars: Calendars = indonesia) -> Decider[Seats]:
    """The decider of the seat registers under these settings and calendars."""
    return Decider(
        name="seats",
        state=Seats,
        initial=lambda id: Seats(vacancy=id.removeprefix(PREFIX)),
        decide=partial(_decide, rules, calendars),
        evolve=evolve,
        timers=timers,
        register=True,
    )


def _decide(rules: Rules, calendars: Calendars, state: Seats, message: Message, facts: Facts) -> list[Event]:
    """What was heard, and then, in the same breath, what becomes of the seats that are free or lacking by it."""
    occasion = Occasion(message, facts, rules, calendars)
    events = _heard(state, message, occasion)
    events += _balanced(reduce(evolve, events, state))
    return [*events, *offers(reduce(evolve, events, state), occasion)]


def _heard(state: Seats, message: Message, occasion: Occasion) -> list[Event]:
    match message.body:
        case TakeSeat() as command:
            return take(state, command, occasion)
        case LeaveSeat() as command:
            return leave(state, command, occasion)
        case TimerDue() as due:
            return lapsed(state, due)
    return _told(state, message)


def _told(state: Seats, message: Message) -> list[Event]:
    if isinstance(message.body, VacancyAmended):
        return _amended(state, message.body, message.sequence)
    if isinstance(message.body, VacancyShort):
        return _short(state, message.body, message.sequence)
    handle = HANDLERS.get(type(message.body))
    if handle is None:
        return []
    if state.quota is None and not isinstance(message.body, VacancyPublished):
        raise NotYet(f"vacancy/{state.vacancy}")
    return handle(state, message.body)


def _published(state: Seats, event: VacancyPublished) -> list[Event]:
    return [] if state.quota is not None else [_opened(state, event)]


def _opened(state: Seats, event: VacancyPublished) -> SeatsOpened:
    return SeatsOpened(vacancy=state.vacancy, quota=event.quota, as_of=1, ranked=event.mode == "ranked")


def _amended(state: Seats, event: VacancyAmended, sequence: int) -> list[Event]:
    """Another number of seats. Where there are fewer than are used, the youngest reservations are let go of."""
    if state.quota is None:
        raise NotYet(f"vacancy/{state.vacancy}")
    if sequence <= state.as_of:
        return []
    reserved = [case for case, seat in state.cases.items() if seat.status == "reserved"]
    over = reserved[::-1][: max(state.used - event.quota, 0)]
    refused = (_refused(state, case, state.cases[case].attempt, "QUOTA_REDUCED") for case in over)
    return [SeatsOpened(vacancy=state.vacancy, quota=event.quota, as_of=sequence), *refused]


def _short(state: Seats, event: VacancyShort, sequence: int) -> list[Event]:
    if sequence <= state.short_as_of:
        return []
    return [SeatsShort(vacancy=state.vacancy, short=event.short, as_of=sequence)]


def _balanced(state: Seats) -> list[Event]:
    """Of more reservations than there are seats the youngest wait; a seat that is there again goes to the oldest of
    those who wait."""
    over = state.used - state.there
    if over > 0 and state.short:
        reserved = [(case, seat) for case, seat in state.cases.items() if seat.status == "reserved"]
        youngest = reserved[::-1][:over]
        return [PositionOverbooked(vacancy=state.vacancy, case=case, attempt=seat.attempt) for case, seat in youngest]
    waiting = [(case, seat) for case, seat in state.cases.items() if seat.status == "suspended"]
    oldest = waiting[: max(-over, 0)]
    return [SeatReserved(vacancy=state.vacancy, case=case, attempt=seat.attempt) for case, seat in oldest]


def _refused(state: Seats, case: str, attempt: int, code: str) -> SeatRefused:
    return SeatRefused(vacancy=state.vacancy, case=case, attempt=attempt, code=code)


def _vacancy_closed(state: Seats, event: VacancyClosed) -> list[Event]:
    """The date is the case's own check at submission: who was in time must not lose by a slow message."""
    return [] if state.closed or event.cause == "date" else [SeatsClosed(vacancy=state.vacancy)]


def _submitted(state: Seats, event: ProposalSubmitted) -> list[Event]:
    known = state.cases.get(event.case)
    if known is not None and (known.attempt >= event.attempt or known.status == "taken"):
        return []
    keeps = known is not None and known.status == "reserved"
    if event.content.awaits_ranking:
        return []
    kept = known is not None and known.status == "offered" and state.used < state.there
    if keeps or kept or (not (state.closed and known is None) and state.free > 0):
        return [SeatReserved(vacancy=state.vacancy, case=event.case, attempt=event.attempt)]
    code = "VACANCY_CLOSED" if state.closed and known is None else "FORMASI_PENUH"
    return [_refused(state, event.case, event.attempt, code)]


def _given_back(
    state: Seats, event: ProposalWithdrawn | ProposalRefused | ProposalReturned | ProposalExpired
) -> list[Event]:
    """A repeat from an earlier attempt must not free the seat of a later one."""
    known = state.cases.get(event.case)
    if state.ranked:
        return _given_up(state, event, known)
    if known is None or known.attempt > event.attempt or known.status not in (*HELD, "refused"):
        return []
    released = SeatReleased(vacancy=state.vacancy, case=event.case, attempt=known.attempt)
    waits = awaits(state, event) if isinstance(event, ProposalRefused) else []
    return [*([released] if known.status in HELD else []), *waits]


def _given_up(
    state: Seats, event: ProposalWithdrawn | ProposalRefused | ProposalReturned | ProposalExpired, known: Seat | None
) -> list[Event]:
    """A claim is released too, so that the panel's choice, if it comes later, reserves nothing for a case that is over.

    While a returned file is mended, the seat waits: the panel chose.
    """
    seen = known.attempt if known else 0
    if isinstance(event, ProposalReturned) or event.attempt < seen:
        return []
    if known is not None and event.attempt == seen and known.status not in HELD:
        return []
    return [SeatReleased(vacancy=state.vacancy, case=event.case, attempt=event.attempt, ranked=True)]


def _completed(state: Seats, event: ProposalCompleted) -> list[Event]:
    known = state.cases.get(event.case)
    if known is None or known.status not in HELD:
        return []
    return [SeatTaken(vacancy=state.vacancy, case=event.case)]


def _decided(state: Seats, event: RankingDecided) -> list[Event]:
    """A seat for each who was chosen, as far as the quota reaches, and for each other the refusal."""
    left, events = state.there - state.used, list[Event]()
    for one in event.chosen:
        if not _settled(state, one):
            events.append(_chosen(state, one) if left > 0 else _refused(state, one.case, one.attempt, "FORMASI_PENUH"))
            left -= 1
    lost = (one for one in event.others if not _settled(state, one))
    return [*events, *(_refused(state, one.case, one.attempt, "KALAH_PERINGKAT") for one in lost)]


def _accepted(state: Seats, event: RankingAccepted) -> list[Event]:
    one = Attempt(case=event.case, attempt=event.attempt)
    if _settled(state, one):
        return []
    if state.used < state.there:
        return [_chosen(state, one)]
    return [_refused(state, one.case, one.attempt, "FORMASI_PENUH")]


def _settled(state: Seats, one: Attempt) -> bool:
    known = state.cases.get(one.case)
    return known is not None and known.attempt >= one.attempt


def _chosen(state: Seats, one: Attempt) -> SeatReserved:
    return SeatReserved(vacancy=state.vacancy, case=one.case, attempt=one.attempt)


HANDLERS: Mapping[type[Frozen], Callable[[Seats, Any], list[Event]]] = {
    VacancyPublished: _published,
    VacancyClosed: _vacancy_closed,
    ProposalSubmitted: _submitted,
    ProposalWithdrawn: _given_back,
    ProposalRefused: _given_back,
    ProposalReturned: _given_back,
    ProposalExpired: _given_back,
    ProposalCompleted: _completed,
    RankingDecided: _decided,
    RankingAccepted: _accepted,
}
