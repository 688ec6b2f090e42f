"""Every state against every message: what is said, with which code it is refused, or `-` for nothing."""

from collections.abc import Callable
from typing import get_args

import pytest

from services.proposal.domain import (
    Agree,
    Announce,
    AnswerConcern,
    Case,
    ConfirmTalk,
    Contest,
    DecideContest,
    Employee,
    ProposeTalk,
    RaiseConcern,
    Revise,
    Submit,
)
from services.proposal.domain.lifecycle import ALIVE, LIFECYCLE, NAMES, STATES, Impossible, Status, after
from shared.contracts.adoption import EVENTS as ADOPTED
from shared.contracts.contest import EVENTS as CONTEST
from shared.contracts.freed import SeatAccepted
from shared.contracts.overbooking import PositionOverbooked, ProposalResumed, ProposalSuspended
from shared.contracts.plan import PlanLineRefused
from shared.contracts.proposal import EVENTS, ProposalDrafted
from shared.contracts.ranking import RankingAccepted
from shared.contracts.voice import EVENTS as SPOKEN
from shared.contracts.voice import TalkConfirmed
from shared.kernel.decider import Event, Frozen, TimerDue
from tests.contract.test_golden import golden
from tests.unit.proposal.bench import NOW, Bench, outcome
from tests.unit.proposal.circle import GROUP, OFFICER, PEOPLE, Circle, P, Q
from tests.unit.proposal.kit import (
    CASES,
    FILED,
    HEAD,
    RINA,
    TAKEN_BACK,
    TARGET,
    VERIFIER,
    WAVE,
    announced,
    approved,
    bench,
    cancel,
    chain_refused,
    chain_returned,
    confirmed,
    die,
    evaluated,
    finding,
    granted,
    heard,
    move_refused,
    moved,
    overturned,
    reserved,
    seat_refused,
    submitted,
    waiting,
    wish,
    withdraw,
)


def _after(make: Callable[[], Bench[Case]], *bodies: Frozen) -> Bench[Case]:
    case = make()
    for body in bodies:
        case.tell(body, RINA)
    return case


def _expired() -> Bench[Case]:
    case = _after(submitted, chain_returned())
    case.fire()
    return case


def _there_already(case: Bench[Case], message: Frozen) -> Frozen:
    """The person sits there already."""
    case.facts[Employee.KIND, "p-rina"] = Employee(status="active", placement=TARGET)
    return message


MAKE: dict[str, Callable[[], Bench[Case]]] = {
    "new": bench,
    "draft": lambda: _after(bench, wish()),
    "announced": announced,
    "waiting": waiting,
    "submitted": submitted,
    "returned": lambda: _after(submitted, chain_returned()),
    "approved": approved,
    "completed": lambda: _after(approved, moved()),
    "refused": lambda: _after(submitted, chain_refused()),
    "contested": lambda: _after(submitted, seat_refused(), Contest(reason="kursi kosong")),
    "withdrawn": lambda: _after(submitted, withdraw()),
    "expired": _expired,
}
FREED = SeatAccepted(vacancy="v-1", case="c-1", person="p-rina", attempt=2)
MESSAGES: dict[str, Callable[[Bench[Case]], Frozen]] = {
    "draft": lambda _: wish(),
    "revise": lambda _: Revise.model_validate(wish().model_dump()),
    "submit": lambda _: Submit(),
    "withdraw": lambda _: withdraw(),
    "announce": lambda _: Announce(benefit="b", training="t"),
    "agree": lambda _: Agree(),
    "concern": lambda _: RaiseConcern(text="jarak"),
    "answer": lambda _: AnswerConcern(concern=1, answer="angkutan"),
    "talk": lambda _: ProposeTalk(on=NOW.date(), about="tugas"),
    "confirm": lambda _: ConfirmTalk(talk=1),
    "eligible": lambda _: evaluated(),
    "not_eligible": lambda _: evaluated(1, False, finding("TENURE_MIN")),
    "confirmed": lambda _: confirmed(),
    "overturned": lambda _: overturned(),
    "granted": lambda _: granted(),
    "chain_refused": lambda _: chain_refused(),
    "chain_returned": lambda _: chain_returned(),
    "reserved": lambda _: reserved(),
    "seat_refused": lambda _: seat_refused(),
    "overbooked": lambda _: PositionOverbooked(vacancy="v-1", case="c-1", attempt=1),
    "moved": lambda _: moved(),
    "move_refused": lambda _: move_refused(),
    "dead": die,
    "cancelled": cancel,
    "timer": lambda _: TimerDue(id="resubmission-1", name="resubmission", at=NOW),
    "planned": lambda _: WAVE,
    "unplanned": lambda case: _there_already(case, WAVE),
    "paper": lambda _: FILED,
    "unadopted": lambda case: _there_already(case, FILED),
    "taken_back": lambda _: TAKEN_BACK,
    "contest": lambda _: Contest(reason="data keliru"),
    "human": lambda _: DecideContest(decision="uphold", reason="data benar"),
    "offer": lambda _: RankingAccepted(vacancy="v-1", case="c-1", person="p-rina", attempt=2),
    "freed": lambda _: FREED,
}
WAITS = (ProposalSuspended, ProposalResumed)
SHORT = {
    "WRONG": "WRONG_STATE",
    "LATE": "ALREADY_APPROVED",
    "OVER": "CASE_OVER",
    "NONE": "NOT_FOUND",
    "DESK": "OFFICE_NEEDED",
    "NO_TALK": "TALK_UNKNOWN",
    "TOLD": "drafted+announced",
    "ADOPT": "adopted+submitted",
    "YOURS": "NOT_YOURS",
    "NOT_C": "NOT_CONTESTABLE",
}
# The columns are the states in the order above.
TABLE = """
draft          drafted      WRONG     WRONG    WRONG  WRONG     WRONG     WRONG     WRONG WRONG     WRONG WRONG WRONG
revise         NONE         revised   DESK     WRONG  WRONG     revised   WRONG     OVER  OVER      OVER  OVER  OVER
submit         NONE         submitted DESK     WRONG  WRONG     submitted WRONG     OVER  OVER      OVER  OVER  OVER
withdraw       NONE         withdrawn DESK     DESK   withdrawn withdrawn LATE      LATE  OVER      OVER  OVER  OVER
announce       WRONG        WRONG     WRONG    WRONG  WRONG     WRONG     WRONG     WRONG WRONG     WRONG WRONG WRONG
agree          WRONG        WRONG     agreed   WRONG  WRONG     WRONG     WRONG     WRONG WRONG     WRONG WRONG WRONG
concern        WRONG        WRONG     raised   WRONG  WRONG     WRONG     WRONG     WRONG WRONG     WRONG WRONG WRONG
answer         WRONG        WRONG     DESK     WRONG  WRONG     WRONG     WRONG     WRONG WRONG     WRONG WRONG WRONG
talk           WRONG        WRONG     proposed WRONG  WRONG     WRONG     WRONG     WRONG WRONG     WRONG WRONG WRONG
confirm        WRONG        WRONG     NO_TALK  WRONG  WRONG     WRONG     WRONG     WRONG WRONG     WRONG WRONG WRONG
eligible       NotYet       NotYet    NotYet   NotYet -         -         -         -     -         -     -     -
not_eligible   NotYet       NotYet    NotYet   NotYet refused   -         -         -     -         -     -     -
confirmed      NotYet       NotYet    NotYet   NotYet noted     -         -         -     -         -     -     -
overturned     NotYet       NotYet    NotYet   NotYet refused   -         -         -     -         -     -     -
granted        NotYet       NotYet    NotYet   NotYet noted     -         -         -     -         -     -     -
chain_refused  NotYet       NotYet    NotYet   NotYet refused   -         -         -     -         -     -     -
chain_returned NotYet       NotYet    NotYet   NotYet returned  -         -         -     -         -     -     -
reserved       NotYet       NotYet    NotYet   NotYet noted     -         -         -     -         -     -     -
seat_refused   NotYet       NotYet    NotYet   NotYet refused   -         -         -     -         -     -     -
overbooked     NotYet       NotYet    NotYet   NotYet suspended -         -         -     -         -     -     -
moved          -            -         -        -      -         -         completed -     -         -     -     -
move_refused   -            -         -        -      -         -         returned  -     -         -     -     -
dead           -            -         -        -      refused   refused   -         -     -         -     -     -
cancelled      -            -         -        -      refused   refused   -         -     -         -     -     -
timer          -            -         -        -      -         expired   -         -     -         -     -     -
planned        TOLD         -         -        -      -         -         -         -     -         -     -     -
unplanned      line_refused -         -        -      -         -         -         -     -         -     -     -
paper          ADOPT        -         -        -      -         -         -         -     -         -     -     -
unadopted      not_adopted  -         -        -      -         -         -         -     -         -     -     -
taken_back     -            -         -        -      withdrawn withdrawn -         -     -         -     -     -
contest        YOURS        NOT_C     NOT_C    NOT_C  NOT_C     NOT_C     NOT_C     NOT_C NOT_C     -     NOT_C NOT_C
human          NONE         DESK      DESK     DESK   DESK      DESK      DESK      DESK  DESK      DESK  DESK  DESK
offer          NotYet       NotYet    NotYet   NotYet NotYet    NotYet    NotYet    -     submitted submitted - -
freed          NotYet       NotYet    NotYet   NotYet NotYet    NotYet    NotYet    -     submitted submitted - -
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
CELLS = [(state, row[0], expected) for row in ROWS for state, expected in zip(MAKE, row[1:], strict=True)]


def test_the_table_is_complete() -> None:
    assert [row[0] for row in ROWS] == list(MESSAGES)
    assert tuple(MAKE) == STATES == get_args(Case.model_fields["status"].annotation)


@pytest.mark.parametrize(("state", "message", "expected"), CELLS)
def test_cell(state: str, message: str, expected: str) -> None:
    case = MAKE[state]()
    assert case.state.status == state
    before = case.state
    assert outcome(case, MESSAGES[message](case), RINA) == SHORT.get(expected, expected)
    if expected == "-" or (expected.lower() != expected and expected not in ("TOLD", "ADOPT")):
        assert case.state == before


# The lifecycle as a lawyer would draw it, by hand: event, then where it leads from each state (- may not be said).
DRAWN = """
drafted      draft   -         -         -         -         -         -         - -         -       - -
revised      -       draft     draft     -         -         returned  -         - -         -       - -
submitted    -       submitted submitted submitted -         submitted -         - submitted submitted - -
withdrawn    -       withdrawn withdrawn withdrawn withdrawn withdrawn -         - -         -       - -
returned     -       -         -         -         returned  -         returned  - -         -       - -
refused      -       refused   refused   refused   refused   refused   refused   - refused   refused - -
noted        -       -         -         -         submitted -         -         - -         -       - -
ready        -       -         -         -         submitted -         -         - -         -       - -
suspended    -       -         -         -         submitted -         -         - -         -       - -
resumed      -       -         -         -         submitted -         -         - -         -       - -
approved     -       -         -         -         approved  -         -         - -         -       - -
completed    -       -         -         -         -         -         completed - -         -       - -
expired      -       -         -         -         -         expired   -         - -         -       - -
adopted      draft   -         -         -         -         -         -         - -         -       - -
not_adopted  refused -         -         -         -         -         -         - -         -       - -
line_refused refused -         -         -         -         -         -         - -         -       - -
announced    -       announced -         -         -         -         -         - -         -       - -
agreed       -       -         announced -         -         -         -         - -         -       - -
raised       -       -         announced -         -         -         -         - -         -       - -
answered     -       -         announced -         -         -         -         - -         -       - -
proposed     -       -         announced -         -         -         -         - -         -       - -
confirmed    -       -         announced -         -         -         -         - -         -       - -
heard        -       -         waiting   -         -         -         -         - -         -       - -
contested    -       -         -         -         -         -         -         - contested -       - -
decided      -       -         -         -         -         -         -         - -         refused - -
escalated    -       -         -         -         -         -         -         - -         contested - -
"""


def test_every_state_against_every_event() -> None:
    """What the table allows is what is drawn here, and what it does not allow cannot be recorded."""
    mine = [type for type in EVENTS if type.TYPE.startswith("mutasi.proposal.")]
    types = {type.TYPE.split(".")[2]: type for type in (*mine, *SPOKEN, *CONTEST, *ADOPTED, *WAITS, PlanLineRefused)}
    drawn = {row[0]: row[1:] for row in (line.split() for line in DRAWN.strip().splitlines())}
    assert set(drawn) == set(types)
    for name, leads in drawn.items():
        said = types[name].model_validate(golden(types[name]))
        for state, to in zip(STATES, leads, strict=True):
            if to == "-":
                with pytest.raises(Impossible, match=f"{name}.*while {state}"):
                    after(state, said)
            else:
                assert after(state, said) == to


def test_every_step_is_taken_by_some_message_and_no_message_takes_another() -> None:
    taken: set[tuple[str, type[Event], str]] = set()
    for state, make in zip(STATES, MAKE.values(), strict=True):
        for message in MESSAGES.values():
            case, at = make(), state
            for event in _said(case, message(case)):
                taken.add((at, type(event), to := after(at, event)))
                at = to
    taken |= _heard_out() | _in_group() | _looked_at_again()
    waited = _after(submitted, reserved(), MESSAGES["overbooked"](submitted()), reserved())
    taken |= {("submitted", type(event), "submitted") for event in waited.said if isinstance(event, WAITS)}
    taken |= {("submitted", type(event), "approved") for event in approved().said[-1:]}
    assert taken == {(at, step.event, step.to) for step in LIFECYCLE for at in step.at}


def _in_group() -> set[tuple[Status, type[Event], Status]]:
    """The steps that only a member of a group takes: all three answers, the end after the approval, the clash; heard on
    duty, then handed in, taken back or over because a partner left."""
    done, clash = Circle(), Circle()
    done.ready()
    done.settle()
    done.tell(CASES, f"{GROUP}-2", move_refused().model_copy(update={"case": f"{GROUP}-2"}))
    clash.formed((Q, P), group="g-2")
    clash.settle()
    clash.formed()
    clash.settle()
    taken: set[tuple[Status, type[Event], Status]] = set()
    for circle in (done, clash, *_on_duty()):
        stands: dict[str, Status] = {}
        for event in circle.said:
            if type(event) in {step.event for step in LIFECYCLE}:
                before = stands.get(event.key, "new")
                stands[event.key] = after(before, event)
                taken.add((before, type(event), stands[event.key]))
    return taken


def _on_duty() -> tuple[Circle, ...]:
    circles = tuple(Circle() for _ in range(3))
    for circle in circles:
        circle.ordered(PEOPLE)
        circle.settle()
        circle.heard(1)
    formed, back, left = circles
    for number in (2, 3):
        formed.heard(number)
    for circle, case in ((back, f"{GROUP}-1"), (left, f"{GROUP}-2")):
        circle.tell(CASES, case, withdraw(), OFFICER)
    for circle in circles:
        circle.settle()
    return circles


def _looked_at_again() -> set[tuple[Status, type[Event], Status]]:
    """The steps of a contest that is answered late, and of an offer that can be kept no more."""
    case = _after(submitted, seat_refused())
    start, at, taken = len(case.said), case.state.status, set[tuple[Status, type[Event], Status]]()
    case.tell(Contest(reason="kursi kosong"), RINA)
    case.fire()
    case.tell(DecideContest(decision="uphold", reason="penuh"), VERIFIER)
    case.facts[Employee.KIND, "p-rina"] = Employee(status="active", placement=TARGET)
    case.tell(RankingAccepted(vacancy="v-1", case="c-1", person="p-rina", attempt=2))
    for event in case.said[start:]:
        taken.add((at, type(event), after(at, event)))
        at = after(at, event)
    lost = MAKE["contested"]()
    lost.facts[Employee.KIND, "p-rina"] = Employee(status="active", placement=TARGET)
    return taken | {("contested", type(event), after("contested", event)) for event in lost.tell(FREED)}


def _heard_out() -> set[tuple[Status, type[Event], Status]]:
    """The steps of an agency's proposal that only an office takes, or that need another before."""
    taken: set[tuple[Status, type[Event], Status]] = set()
    for bodies in ((Revise.model_validate(wish().model_dump()),), (Submit(),), (withdraw(),), CONCERN):
        case = heard()
        start = len(case.said)
        for body in bodies:
            before, who = case.state.status, RINA if isinstance(body, RaiseConcern) else HEAD
            case.tell(body, who)
            taken.add((before, type(case.said[-1]), case.state.status))
        assert len(case.said) > start
    told = announced()
    taken.add(("draft", type(told.said[-1]), told.state.status))
    taken.add(("announced", TalkConfirmed, heard().state.status))
    return taken


CONCERN = (RaiseConcern(text="jarak"), AnswerConcern(concern=1, answer="angkutan"))


def _said(case: Bench[Case], body: Frozen) -> list[Event]:
    before = len(case.said)
    outcome(case, body, RINA)
    return case.said[before:]


def test_states_have_names_and_the_end_is_the_end() -> None:
    assert tuple(NAMES) == STATES
    assert len(set(NAMES.values())) == len(STATES)
    leaving = {at for step in LIFECYCLE for at in step.at if step.to != at}
    assert set(STATES) - leaving == {"completed", "withdrawn", "expired"}
    assert ALIVE.isdisjoint(set(STATES) - leaving)
    assert LIFECYCLE[0].event is ProposalDrafted
