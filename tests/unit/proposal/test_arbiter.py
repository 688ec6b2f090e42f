"""The arbiter: three answers from three sources in any order, and the withdrawal that crosses them."""

from itertools import permutations
from typing import Any

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from services.proposal.domain import Submit
from shared.contracts.approval import DecreeWithheld
from shared.contracts.proposal import ProposalApproved, ProposalReturned, ProposalWithdrawn
from shared.kernel.decider import Frozen, Message, NotYet, Refused
from tests.unit.proposal.bench import NOW, Bench, outcome
from tests.unit.proposal.kit import (
    CASES,
    RINA,
    approved,
    bench,
    chain_returned,
    confirmed,
    evaluated,
    finding,
    granted,
    move_refused,
    moved,
    overturned,
    reserved,
    submitted,
    wish,
    withdraw,
)

ANSWERS: tuple[Frozen, ...] = (granted(), confirmed(), reserved())


def _types(case: Bench[Any]) -> list[str]:
    return [event.TYPE for event in case.said]


@pytest.mark.parametrize("order", list(permutations(ANSWERS)))
def test_any_order_of_the_three_gives_the_same_case(order: tuple[Frozen, ...]) -> None:
    case, other = submitted(), approved()
    for answer in order[:2]:
        case.tell(answer)
        assert case.state.status == "submitted"
    case.tell(order[2])
    assert case.state == other.state
    assert case.state.status == "approved"
    assert case.said[-1] == other.said[-1]


@pytest.mark.parametrize("order", list(permutations((*ANSWERS, withdraw()))))
def test_withdrawal_and_approval_cross(order: tuple[Frozen, ...]) -> None:
    case = submitted()
    late = order[3] == withdraw()
    for body in order:
        if body == withdraw() and late:
            with pytest.raises(Refused, match="ALREADY_APPROVED"):
                case.tell(body, RINA)
        else:
            case.tell(body, RINA)
    assert case.state.status == ("approved" if late else "withdrawn")
    assert (ProposalApproved.TYPE in _types(case)) is late
    assert (ProposalWithdrawn.TYPE in _types(case)) is not late


@pytest.mark.parametrize("missing", ANSWERS)
def test_two_of_three_approve_nothing(missing: Frozen) -> None:
    case = submitted()
    for answer in ANSWERS:
        if answer != missing:
            case.tell(answer)
            case.tell(answer)
    assert case.state.status == "submitted"


def test_answers_to_an_older_attempt_do_not_count() -> None:
    case = submitted()
    case.tell(granted())
    case.tell(reserved())
    case.tell(chain_returned())
    case.tell(Submit(), RINA)
    assert (case.state.attempt, case.state.granted, case.state.reserved) == (2, False, False)
    for answer in ANSWERS:
        assert case.tell(answer) == []
    for answer in (granted(2), confirmed(2), reserved(2)):
        case.tell(answer)
    assert case.state.status == "approved"


@pytest.mark.parametrize("answer", [granted(2), confirmed(2), reserved(2), evaluated(2)])
def test_an_answer_to_an_attempt_not_made_waits(answer: Frozen) -> None:
    with pytest.raises(NotYet):
        submitted().tell(answer)


def test_returned_expires_at_the_end_of_the_tenth_working_day_in_its_zone() -> None:
    case = submitted()
    case.tell(chain_returned())
    # 23 Nov 2026 + 10 working days is 7 December (no holiday between); the day ends at 16:00 UTC in WITA.
    assert case.state.until is not None
    assert case.state.until.isoformat() == "2026-12-07T15:59:59.999000+00:00"
    assert case.state.model_dump(mode="json")["until"].endswith("Z")
    case.fire()
    assert (case.state.status, case.state.open) == ("expired", False)


def test_a_file_mended_in_time_does_not_expire() -> None:
    case = submitted()
    case.tell(chain_returned())
    case.tell(Submit(), RINA)
    assert CASES.timers(case.state) == ()
    receipts = {event.receipt for event in case.said if hasattr(event, "receipt")}
    assert len(receipts) == 1


def test_a_refused_move_opens_the_way_to_a_second_attempt() -> None:
    case = approved()
    case.tell(move_refused())
    assert (case.state.status, case.state.codes) == ("returned", ("MOVE_REFUSED",))
    case.tell(Submit(), RINA)
    for answer in (granted(2), confirmed(2), reserved(2), moved()):
        case.tell(answer)
    assert case.state.status == "completed"


def test_only_hard_findings_are_given_as_codes() -> None:
    case = submitted()
    soft, unknown = finding("COMPETENCE_LOW", hard=False), finding("KINERJA_KURANG", "unknown")
    case.tell(evaluated(1, False, finding("TENURE_MIN"), soft, unknown, finding("PANGKAT", "met")))
    assert (case.state.stage, case.state.codes) == ("evaluation", ("TENURE_MIN", "KINERJA_KURANG"))


def test_one_open_case_per_person() -> None:
    message = Message(body=Submit(), id="m", time=NOW, actor=RINA)
    with pytest.raises(Refused, match="PERKARA_TERBUKA"):
        CASES.conflict(submitted().state, message, "one_open_case")


class Crossing(RuleBasedStateMachine):
    """Answers of all attempts, repeats, withdrawals and returns in any order against what must hold."""

    def __init__(self) -> None:
        super().__init__()
        self.case = bench()
        self.case.tell(wish(), RINA)
        self.heard: dict[int, set[str]] = {}

    def _answer(self, name: str, body: Frozen, attempt: int) -> None:
        # One source says it only of an attempt it knows, but may say it again at any time.
        if self.case.state.status == "submitted" and attempt == self.case.state.attempt:
            self.heard.setdefault(attempt, set()).add(name)
        self.case.tell(body)

    @precondition(lambda self: self.case.state.status in ("draft", "returned"))
    @rule()
    def submit(self) -> None:
        self.case.tell(Submit(), RINA)

    @precondition(lambda self: self.case.state.attempt > 0)
    @rule()
    def grant(self) -> None:
        self._answer("granted", granted(self.case.state.attempt), self.case.state.attempt)

    @precondition(lambda self: self.case.state.attempt > 0)
    @rule()
    def confirm(self) -> None:
        self._answer("confirmed", confirmed(self.case.state.attempt), self.case.state.attempt)

    @precondition(lambda self: self.case.state.attempt > 0)
    @rule()
    def reserve(self) -> None:
        self._answer("reserved", reserved(self.case.state.attempt), self.case.state.attempt)

    @precondition(lambda self: self.case.state.attempt > 1)
    @rule()
    def old_answers(self) -> None:
        before = self.case.state
        for old in range(1, before.attempt):
            for body in (granted(old), confirmed(old), reserved(old), overturned(old), chain_returned(old)):
                assert self.case.tell(body) == []
        assert self.case.state == before

    @precondition(lambda self: self.case.state.attempt > 0)
    @rule()
    def send_back(self) -> None:
        self.case.tell(chain_returned(self.case.state.attempt))

    @rule()
    def refuse_move(self) -> None:
        self.case.tell(move_refused())

    @rule()
    def take_back(self) -> None:
        status = self.case.state.status
        code = {"approved": "ALREADY_APPROVED", "completed": "ALREADY_APPROVED", "withdrawn": "CASE_OVER"}
        assert outcome(self.case, withdraw(), RINA) == code.get(status, "withdrawn")

    @rule()
    def move(self) -> None:
        self.case.tell(moved())

    @invariant()
    def approved_only_alive_and_with_all_three(self) -> None:
        types = _types(self.case)
        for event in self.case.said:
            if isinstance(event, ProposalApproved):
                assert self.heard[event.attempt] == {"granted", "confirmed", "reserved"}
        if ProposalWithdrawn.TYPE in types:
            assert types[-1] == ProposalWithdrawn.TYPE, "nothing is said after a withdrawal"
            assert not self.case.state.open
        approvals = [event.attempt for event in self.case.said if isinstance(event, ProposalApproved)]
        assert len(approvals) == len(set(approvals))


TestCrossing = Crossing.TestCase
TestCrossing.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)


def test_a_decree_that_was_withheld_gives_the_file_back() -> None:
    """I3, I4: nobody may sit on an approved case without a decree; a repeat or another attempt changes nothing."""
    case = approved()
    withheld = DecreeWithheld(
        case="c-1", attempt=1, decree="sk-c-1-1", agency="palu", person="p-rina", code="PERTEK_MISSING"
    )
    assert case.tell(withheld.model_copy(update={"attempt": 2})) == []
    (back,) = case.tell(withheld)
    assert isinstance(back, ProposalReturned)
    assert (back.code, back.reason) == ("DECREE_WITHHELD", "PERTEK_MISSING")
    assert case.tell(withheld) == []
