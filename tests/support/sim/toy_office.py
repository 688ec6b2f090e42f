"""The toy's other deciders: seats, files, decrees, letters, and a tally that hears one register over many keys."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from shared.kernel.decider import (
    Command,
    Decider,
    Event,
    FactChanged,
    Facts,
    Frozen,
    Message,
    NotYet,
    Refused,
    Timer,
    TimerDue,
    Work,
    WorkDone,
)
from tests.support.sim.toy_events import (
    CaseApproved,
    CaseEnded,
    CaseSubmitted,
    DecreeIssued,
    FileClosed,
    FileDecided,
    FileNoted,
    FileOpened,
    FileReminded,
    LetterEnded,
    LetterQueued,
    Level,
    PostOpened,
    Quota,
    SeatFreed,
    SeatGranted,
    SeatRefused,
    Tallied,
)

REMIND = timedelta(days=2)

# -- seats of a post ------------------------------------------------------------------------------------------------


class Seats(Frozen):
    """Who asked, and what the register said."""

    post: str
    quota: int = -1
    said: Mapping[str, str] = {}


def seats_decide(state: Seats, message: Message, _facts: Facts) -> list[Event]:
    """A register finds repeats in its own state."""
    body = message.body
    match body:
        case PostOpened() if state.quota < 0:
            return [body]
        case CaseSubmitted() if state.quota < 0:
            raise NotYet(f"quota/{body.post}")
        case CaseSubmitted() if body.case not in state.said:
            of = {"case": body.case, "person": body.person, "post": body.post}
            held = sum(said == "granted" for said in state.said.values())
            return [SeatGranted(**of) if held < state.quota else SeatRefused(**of)]
        case CaseEnded() if state.quota < 0:
            raise NotYet(f"quota/{body.post}")
        case CaseEnded() if body.status != "completed" and state.said.get(body.case) == "granted":
            return [SeatFreed(case=body.case, person=body.person, post=body.post)]
    return []


def _seats_evolve(state: Seats, event: Event) -> Seats:
    match event:
        case PostOpened():
            return state.model_copy(update={"quota": event.quota})
        case SeatGranted():
            return state.model_copy(update={"said": {**state.said, event.case: "granted"}})
        case SeatRefused():
            return state.model_copy(update={"said": {**state.said, event.case: "refused"}})
        case SeatFreed():
            return state.model_copy(update={"said": {**state.said, event.case: "freed"}})
    return state


SEATS = Decider("seats", Seats, lambda id: Seats(post=id), seats_decide, _seats_evolve, register=True)


# -- the file somebody decides --------------------------------------------------------------------------------------


class File(Frozen):
    """The file of a case."""

    case: str
    open: bool = False
    person: str = ""
    post: str = ""
    level: int = 0
    at: datetime | None = None
    decided: bool = False
    reminded: bool = False


class Decide(Command):
    """Grant or refuse."""

    granted: bool


def _file_decide(state: File, message: Message, facts: Facts) -> list[Event]:
    body = message.body
    of = {"case": state.case, "person": state.person, "post": state.post}
    match body:
        case CaseSubmitted():
            level = facts.need(Level, body.person).level
            of = {"case": body.case, "person": body.person, "post": body.post}
            return [FileOpened(**of, level=level, at=message.time)]
        case Decide() if not state.open or state.decided:
            raise Refused("NOT_OPEN")
        case Decide():
            return [FileDecided(**of, granted=body.granted)]
        case FactChanged() if state.open:
            level = facts.need(Level, state.person).level
            return [FileNoted(**of, level=level)] if level != state.level else []
        case TimerDue():
            return [FileReminded(**of)]
        case CaseEnded() if state.open:
            return [FileClosed(**of)]
    return []


def _file_evolve(state: File, event: Event) -> File:
    match event:
        case FileOpened():
            return state.model_copy(update={**dict(event), "open": True})
        case FileNoted():
            return state.model_copy(update={"level": event.level})
        case FileReminded():
            return state.model_copy(update={"reminded": True})
        case FileDecided():
            return state.model_copy(update={"decided": True})
        case FileClosed():
            return state.model_copy(update={"open": False})
    return state


def _file_timers(state: File) -> tuple[Timer, ...]:
    if not state.open or state.decided or state.reminded or state.at is None:
        return ()
    return (Timer("reminder", state.at + REMIND, "reminder"),)


FILES = Decider(
    "files",
    File,
    lambda id: File(case=id),
    _file_decide,
    _file_evolve,
    timers=_file_timers,
    watches={"level": "person"},
)


# -- numbers of decrees ---------------------------------------------------------------------------------------------


class Decrees(Frozen):
    """The register of numbers."""

    id: str
    last: int = 0
    cases: tuple[str, ...] = ()


def decrees_decide(state: Decrees, message: Message, _facts: Facts) -> list[Event]:
    """Only the case's own approval makes a decree, once."""
    body = message.body
    if isinstance(body, CaseApproved) and body.case not in state.cases:
        return [DecreeIssued(case=body.case, person=body.person, post=body.post, number=state.last + 1)]
    return []


def _decrees_evolve(state: Decrees, event: Event) -> Decrees:
    if isinstance(event, DecreeIssued):
        return state.model_copy(update={"last": event.number, "cases": (*state.cases, event.case)})
    return state


DECREES = Decider("decrees", Decrees, lambda id: Decrees(id=id), decrees_decide, _decrees_evolve, register=True)


# -- letters --------------------------------------------------------------------------------------------------------


class Letter(Frozen):
    """One letter: event x person."""

    letter: str
    person: str = ""
    event: str = ""
    outcome: str = ""


class Post(Frozen):
    """What the effect needs."""

    letter: str
    person: str


def _letter_decide(state: Letter, message: Message, _facts: Facts) -> list[Event]:
    match message.body:
        case CaseEnded() as event:
            return [LetterQueued(letter=state.letter, person=event.person, event=message.id)]
        case WorkDone() as done:
            outcome = "sent" if done.ok else str(done.outcome.get("code", "failed"))
            return [LetterEnded(letter=state.letter, outcome=outcome)]
    return []


def _letter_evolve(state: Letter, event: Event) -> Letter:
    match event:
        case LetterQueued():
            return state.model_copy(update={"person": event.person, "event": event.event})
        case LetterEnded():
            return state.model_copy(update={"outcome": event.outcome})
    return state


def _letter_work(state: Letter) -> tuple[Work, ...]:
    wanted = bool(state.person) and not state.outcome
    return (Work("send", "letter", Post(letter=state.letter, person=state.person)),) if wanted else ()


LETTERS = Decider("letters", Letter, lambda id: Letter(letter=id), _letter_decide, _letter_evolve, work=_letter_work)


# -- a tally --------------------------------------------------------------------------------------------------------


class Tally(Frozen):
    """Which cases hold a seat, as the register said last (by its sequence, not by arrival)."""

    post: str
    latest: Mapping[str, tuple[int, bool]] = {}


def _tally_decide(_state: Tally, message: Message, facts: Facts) -> list[Event]:
    body = message.body
    if isinstance(body, SeatGranted | SeatFreed):
        facts.need(Quota, body.post)
        held = isinstance(body, SeatGranted)
        return [Tallied(post=body.post, case=body.case, at=message.sequence, held=held)]
    return []


def _tally_evolve(state: Tally, event: Event) -> Tally:
    if isinstance(event, Tallied) and event.at > state.latest.get(event.case, (0, False))[0]:
        return state.model_copy(update={"latest": {**state.latest, event.case: (event.at, event.held)}})
    return state


TALLIES = Decider("tallies", Tally, lambda id: Tally(post=id), _tally_decide, _tally_evolve)
