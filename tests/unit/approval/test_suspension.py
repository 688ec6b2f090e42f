"""What an act of the authority stands on: an objection for whose sake it suspends, another authority's own letter."""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256

import pytest

from services.approval.consumers import answered, in_court, objected
from services.approval.domain import (
    Agency,
    Amendment,
    Decree,
    Employee,
    History,
    Objected,
    Outcome,
    Register,
    Revoke,
    Suspend,
    decrees_of,
    digest_of,
    make_decrees,
)
from services.approval.domain.letters import Entered
from services.approval.domain.objections import AnswerObjection, RecordCourt
from shared.contracts.approval import DecreeAmended, DecreeIssued, DecreeRevoked
from shared.contracts.objections import ObjectionAnswered
from shared.kernel.decider import Fact, Refused
from shared.runtime.service import Learn
from tests.unit.approval.between import AGENCIES, decree, granted
from tests.unit.approval.kit import AUTHORITIES, NUMBERING
from tests.unit.approval.test_acts import FEBRUARY, ID, PPK, WHY, amend, code, register
from tests.unit.approval.test_objections import filed
from tests.unit.proposal.bench import Bench
from tests.unit.proposal.kit import actor, office

DUE = datetime(2026, 12, 7, 15, 59, tzinfo=UTC)
SUSPEND = Suspend(decree=ID, reason=WHY)
LETTER = Entered(
    number="821/77/SJ", dated=date(2026, 11, 23), sha256=sha256(b"cabut").hexdigest(), issuer="home_affairs"
)
SOLO = actor("p-walikota", office("ppk", "", "surakarta"))


def contested(due: datetime | None = DUE, *, pending: bool = True) -> Bench[Register]:
    """A decree of 23 November that takes effect on 1 January, with an objection against it."""
    decrees = register()
    decrees.facts[Objected.KIND, ID] = Objected(objection=f"ob-{ID}", pending=pending, due=due)
    return decrees


def test_a_suspended_decree_takes_effect_after_the_answer_was_due() -> None:
    decrees = contested()
    until = date(2026, 12, 28)
    (event,) = decrees.tell(SUSPEND.model_copy(update={"until": until}), PPK)
    assert isinstance(event, DecreeAmended)
    assert (event.was_effective_on, event.effective_on) == (date(2027, 1, 1), FEBRUARY)
    assert (event.objection, event.number, event.by) == (f"ob-{ID}", 2, "p-ppk")
    assert event.digest == digest_of(event.model_dump(mode="json"))
    issued = decrees.said[0]
    assert isinstance(issued, DecreeIssued)
    assert History(issued=issued, amendments=(event,)).suspended_until == FEBRUARY
    assert History(issued=issued).suspended_until is None
    decrees.facts[Amendment.KIND, ID] = Amendment(amendment=event.amendment, effective_on=FEBRUARY)
    (sooner,) = decrees.tell(amend(date(2027, 1, 4)), PPK)
    assert isinstance(sooner, DecreeAmended)
    assert History(issued=issued, amendments=(event, sooner)).suspended_until is None


def test_the_term_of_the_answer_counts_where_no_day_is_named() -> None:
    decrees = contested(datetime(2026, 12, 21, 15, 59, tzinfo=UTC))
    (event,) = decrees.tell(SUSPEND, PPK)
    assert isinstance(event, DecreeAmended)
    assert event.effective_on == FEBRUARY


def test_there_must_be_something_to_suspend_for_and_until_when() -> None:
    assert code(contested(), SUSPEND) == "SUSPENDED_LONGER", "answered by 7 December, in effect on 1 January anyway"
    assert code(register(), SUSPEND) == "OBJECTION_NOT_OPEN"
    assert code(contested(pending=False), SUSPEND) == "OBJECTION_NOT_OPEN"
    assert code(contested(None), SUSPEND) == "SUSPENSION_END", "a court is bound by no term"
    assert code(contested(), SUSPEND.model_copy(update={"until": date(2026, 11, 22)})) == "SUSPENSION_END"
    assert code(contested(), SUSPEND.model_copy(update={"until": date(2028, 1, 1)})) == "TMT_TOO_FAR"
    assert code(contested(), SUSPEND, actor("p-x")) == "OFFICE_NEEDED"
    moved = contested()
    moved.facts[Outcome.KIND, ID] = Outcome(moved=True)
    assert code(moved, SUSPEND.model_copy(update={"until": date(2027, 1, 5)})) == "ALREADY_EFFECTIVE"


def test_a_granted_objection_is_carried_out_on_a_suspended_decree_too() -> None:
    decrees = contested()
    (suspended,) = decrees.tell(SUSPEND.model_copy(update={"until": date(2026, 12, 28)}), PPK)
    assert isinstance(suspended, DecreeAmended)
    decrees.facts[Amendment.KIND, ID] = Amendment(amendment=suspended.amendment, effective_on=FEBRUARY)
    (answer,) = filed().tell(AnswerObjection(outcome="granted", reason=WHY), PPK)
    assert isinstance(answer, ObjectionAnswered)
    (revoked,) = decrees.tell(answer)
    assert isinstance(revoked, DecreeRevoked)
    assert (revoked.moved, "MOVE_CANCELLED" in revoked.consequences) == (False, True)


def test_a_court_keeps_the_matter_open_after_the_answer() -> None:
    bench = filed()
    (answer,) = bench.tell(AnswerObjection(outcome="rejected", reason=WHY), PPK)
    court = RecordCourt(court="PTUN Palu", number="12/G/2027", step="filed", on=date(2027, 1, 20))
    (before,) = bench.tell(court, PPK)
    (after,) = bench.tell(court.model_copy(update={"step": "upheld"}), PPK)
    told = (*objected(bench.said[0]), *answered(answer), *in_court(before), *in_court(after))  # type: ignore[arg-type]
    assert [isinstance(one, Learn) and isinstance(one.value, Objected) and one.value.pending for one in told] == [
        True,
        False,
        True,
        False,
    ]


def appointed() -> tuple[Bench[Register], DecreeIssued]:
    """Surakarta's appointment of dr. Yusuf after the Minister's decision."""
    issued = decree("inter_province", granted("inter_province"))
    assert isinstance(issued, DecreeIssued)
    facts: dict[tuple[type[Fact], str], Fact] = {(Agency, code): agency for code, agency in AGENCIES.items()}
    facts[Employee, "p-yusuf"], facts[Decree, issued.decree] = Employee(), Decree(issued=issued)
    return Bench(make_decrees(NUMBERING, AUTHORITIES), decrees_of("surakarta"), facts), issued


@pytest.mark.parametrize("outcome", [None, Outcome(moved=True)])
def test_the_minister_takes_his_decision_back_and_the_appointment_falls(outcome: Outcome | None) -> None:
    decrees, issued = appointed()
    if outcome:
        decrees.facts[Outcome.KIND, issued.decree] = outcome
    (event,) = decrees.tell(Revoke(decree=issued.decree, reason=WHY, letter=LETTER), SOLO)
    assert isinstance(event, DecreeRevoked)
    assert event.letter is not None
    assert (event.code, event.letter.issuer, event.letter.number) == (
        "LETTER_WITHDRAWN",
        "home_affairs",
        "821/77/SJ",
    )
    assert event.digest == digest_of(event.model_dump(mode="json"))
    assert ("MOVE_BACK" if outcome else "MOVE_CANCELLED") in event.consequences


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"issuer": "governor:Jawa Tengah"}, "AUTHORITY_WRONG"),
        ({"dated": LETTER.dated + timedelta(days=1)}, "LETTER_DATE"),
        ({"dated": LETTER.dated - timedelta(days=30)}, "LETTER_DATE"),
    ],
)
def test_only_who_decided_can_take_it_back_and_only_afterwards(changes: dict[str, object], fault: str) -> None:
    decrees, issued = appointed()
    letter = LETTER.model_copy(update=changes)
    with pytest.raises(Refused, match=fault):
        decrees.tell(Revoke(decree=issued.decree, reason=WHY, letter=letter), SOLO)


def test_a_decree_of_one_agency_rests_on_no_decision_of_another() -> None:
    assert code(register(), Revoke(decree=ID, reason=WHY, letter=LETTER)) == "NO_OUTSIDE_DECISION"
