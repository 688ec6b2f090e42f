"""Story 9: a wrong name is put right (ralat), a wrong date takes a decree of its own, and all of it stays visible."""

from datetime import UTC, date, datetime

import pytest

from services.approval.domain import (
    PAPERS,
    Agency,
    Amend,
    Amendment,
    Correct,
    Decree,
    Employee,
    Grant,
    History,
    Outcome,
    Register,
    Revocation,
    Revoke,
    Settled,
    Suspend,
    decrees_of,
    digest_of,
    original_of,
)
from shared.contracts.approval import DecreeAmended, DecreeCorrected, DecreeIssued, DecreeRevoked
from shared.kernel.decider import Fact, NotYet, Refused
from tests.unit.approval.kit import GRANT, OFFICIALS
from tests.unit.approval.test_decrees import DECREES, approved
from tests.unit.proposal.bench import NOW, Bench
from tests.unit.proposal.kit import actor, office

ID, WHY = "sk-c-1-1", "Serah terima tugas belum selesai"
PPK = OFFICIALS[-1]
FEBRUARY = date(2027, 2, 1)


def facts() -> dict[tuple[type[Fact], str], Fact]:
    """What the register heard before."""
    return {
        (Agency, "palu"): Agency(zone="WITA"),
        (Employee, "p-rina"): Employee(relatives=("p-sister",)),
        (Grant, ID): GRANT,
    }


def register() -> Bench[Register]:
    """A register that issued one decree, and heard it."""
    decrees = Bench(DECREES, decrees_of("palu"), facts())
    (issued,) = decrees.tell(approved("c-1"))
    assert isinstance(issued, DecreeIssued)
    decrees.facts[Decree.KIND, ID] = Decree(issued=issued)
    return decrees


def amend(day: date = FEBRUARY) -> Amend:
    return Amend(decree=ID, effective_on=day, reason=WHY)


def code(bench: Bench[Register], command: Amend | Suspend | Revoke, who: object = PPK) -> str:
    with pytest.raises(Refused) as found:
        bench.tell(command, who)  # type: ignore[arg-type]
    return found.value.code


def test_another_date_takes_a_decree_with_the_next_number() -> None:
    decrees = register()
    (event,) = decrees.tell(amend(), PPK)
    assert isinstance(event, DecreeAmended)
    assert (event.number, event.number_text) == (2, "800.1.3.1/2/BKPSDM/2026")
    assert (event.was_effective_on, event.effective_on, event.by) == (date(2027, 1, 1), FEBRUARY, "p-ppk")
    assert event.digest == digest_of(event.model_dump(mode="json"))
    assert "PAYROLL" in event.consequences


def test_a_second_amendment_waits_for_the_first_and_starts_from_it() -> None:
    decrees = register()
    (first,) = decrees.tell(amend(), PPK)
    assert isinstance(first, DecreeAmended)
    with pytest.raises(NotYet, match="amendment/sk-c-1-1"):
        decrees.tell(amend(date(2027, 3, 1)), PPK)
    known = Amendment(amendment=first.amendment, effective_on=first.effective_on)
    decrees.facts[Amendment.KIND, ID] = known
    assert decrees.tell(amend(), PPK) == []
    (second,) = decrees.tell(amend(date(2027, 3, 1)), PPK)
    assert isinstance(second, DecreeAmended)
    assert (second.was_effective_on, second.number) == (FEBRUARY, 3)


def test_e20_who_may_and_what_may_be() -> None:
    decrees = register()
    assert code(decrees, amend(date(2026, 11, 22))) == "TMT_RETROACTIVE"
    assert code(decrees, amend(date(2028, 1, 1))) == "TMT_TOO_FAR"
    assert code(decrees, amend(), actor("p-x")) == "OFFICE_NEEDED"
    plt = office("ppk").model_copy(update={"capacity": "acting"})
    assert code(decrees, amend(), actor("p-plt", plt)) == "OFFICE_NEEDED"
    assert code(decrees, amend(), actor("p-sister", office("ppk"))) == "KONFLIK_KEPENTINGAN"
    assert code(decrees, amend(), actor("p-rina", office("ppk"))) == "KONFLIK_KEPENTINGAN"
    assert code(decrees, Amend(decree="sk-c-9-1", effective_on=FEBRUARY, reason=WHY)) == "NOT_FOUND"
    decrees.facts[Outcome.KIND, ID] = Outcome(moved=True)
    assert code(decrees, amend()) == "ALREADY_EFFECTIVE"


@pytest.mark.parametrize(
    ("outcome", "effective_on", "consequence"),
    [
        (None, date(2026, 11, 23), "MOVE_CANCELLED"),
        (Outcome(moved=True), date(2027, 1, 1), "MOVE_BACK"),
    ],
)
def test_a_revocation_says_what_follows_and_is_said_once(
    outcome: Outcome | None, effective_on: date, consequence: str
) -> None:
    decrees = register()
    if outcome:
        decrees.facts[Outcome.KIND, ID] = outcome
    (event,) = decrees.tell(Revoke(decree=ID, reason=WHY), PPK)
    assert isinstance(event, DecreeRevoked)
    assert (event.effective_on, event.number, event.moved) == (effective_on, 2, outcome is not None)
    assert consequence in event.consequences
    assert code(decrees, Revoke(decree=ID, reason=WHY)) == "ALREADY_REVOKED"
    assert code(decrees, amend()) == "ALREADY_REVOKED"
    decrees.state = decrees.state.model_copy(update={"recent": {}})
    decrees.facts[Settled.KIND, event.revocation] = Settled(code="revoked", revoked=event)
    assert code(decrees, Revoke(decree=ID, reason=WHY)) == "ALREADY_REVOKED"


def test_a_decree_whose_move_was_refused_is_not_revoked_again() -> None:
    decrees = register()
    decrees.facts[Revocation.KIND, ID] = Revocation(code="USIA_BUP")
    assert code(decrees, Revoke(decree=ID, reason=WHY)) == "ALREADY_REVOKED"


def test_a_clerical_error_is_put_right_without_a_number() -> None:
    decrees = register()
    paper = Bench(PAPERS, ID, {})
    paper.facts = decrees.facts
    wrong = Correct(part="target_unit", wrong="Disdukcapil", right="Dinas Kependudukan", reason=WHY)
    with pytest.raises(Refused, match="OFFICE_NEEDED"):
        paper.tell(wrong, actor("p-x"))
    (event,) = paper.tell(wrong, PPK)
    assert isinstance(event, DecreeCorrected)
    assert (event.n, event.corrected_on, event.person) == (1, NOW.date(), "p-rina")
    with pytest.raises(Refused, match="NOTHING_TO_CORRECT"):
        paper.tell(wrong, PPK)
    paper.facts[Revocation.KIND, ID] = Revocation(code="USIA_BUP")
    with pytest.raises(Refused, match="ALREADY_REVOKED"):
        paper.tell(wrong.model_copy(update={"right": "Dinas Kependudukan Palu"}), PPK)


def test_pay_follows_the_dates_and_everything_stays_visible() -> None:
    decrees = register()
    (issued,) = decrees.said
    (amended,) = decrees.tell(amend(), PPK)
    assert isinstance(issued, DecreeIssued)
    assert isinstance(amended, DecreeAmended)
    now = History(issued=issued, amendments=(amended,))
    assert (now.status, now.effective_on) == ("amended", FEBRUARY)
    assert now.pay is not None
    assert (now.pay.origin_until, now.pay.target_from) == (date(2027, 1, 31), FEBRUARY)
    decrees.facts[Amendment.KIND, ID] = Amendment(amendment=amended.amendment, effective_on=FEBRUARY)
    decrees.facts[Outcome.KIND, ID] = Outcome(moved=True)
    (revoked,) = decrees.tell(Revoke(decree=ID, reason=WHY), PPK, at=datetime(2027, 2, 10, tzinfo=UTC))
    assert isinstance(revoked, DecreeRevoked)
    over = now.model_copy(update={"revocation": revoked})
    assert over.pay is not None
    assert (over.status, over.pay.target_until) == ("revoked", date(2027, 2, 28))
    assert over.pay.origin_again_from == date(2027, 3, 1)
    assert History(issued=issued, refused="USIA_BUP").pay is None
    assert {original_of(id) for id in (ID, amended.amendment, revoked.revocation)} == {ID}
