"""Story 4: who was refused for want of staff is told when somebody comes to their unit."""

from services.proposal.consumers import routes
from services.proposal.deciders import SPARES
from services.proposal.domain import spare_of
from services.proposal.domain.replacements import Spare
from shared.contracts.approval import ApprovalRefused
from shared.contracts.proposal import ProposalRefused, ReapplyOffered, ReplacementAwaited
from shared.contracts.registry import EmployeeMoved
from shared.runtime.service import To
from tests.contract.test_golden import golden
from tests.unit.proposal.bench import Bench, outcome
from tests.unit.proposal.kit import ORIGIN, submitted


def refused(case: str, person: str) -> ProposalRefused:
    """Their unit could spare nobody."""
    about = {"attempt": 1, "stage": "approval", "codes": ("MIN_STAF_ASAL",), "reason": "r", "unit": "setda"}
    return ProposalRefused.model_validate({**about, "case": case, "person": person, "vacancy": "v-1"})


def came(decree: str, person: str = "p-new") -> EmployeeMoved:
    """Somebody came by that decree."""
    return EmployeeMoved.model_validate({**golden(EmployeeMoved), "person": person, "decree": decree})


def bench() -> Bench[Spare]:
    """A unit nobody was refused from."""
    return Bench(SPARES, spare_of("setda"), {})


def test_a_refusal_for_want_of_staff_names_the_unit_and_no_other_does() -> None:
    for code, unit in (("MIN_STAF_ASAL", ORIGIN.unit), ("ANGGARAN", "")):
        case = submitted()
        (said,) = case.tell(ApprovalRefused(case="c-1", attempt=1, code=code, reason="r"))
        assert isinstance(said, ProposalRefused)
        assert said.unit == unit
        heard = [to for route in routes.by_type[said.TYPE][1] for to in route(said, None)]  # type: ignore[arg-type]
        assert any(isinstance(to, To) and to.decider is SPARES for to in heard) == bool(unit)


def test_each_who_comes_lets_one_apply_again_in_the_order_of_the_refusals() -> None:
    unit = bench()
    assert outcome(unit, came("sk-0")) == "-", "nobody waits"
    first = {"case": "c-1", "person": "p-1", "unit": "setda", "vacancy": "v-1"}
    assert unit.tell(refused("c-1", "p-1")) == [ReplacementAwaited.model_validate(first)]
    unit.tell(refused("c-2", "p-2"))
    assert outcome(unit, refused("c-1", "p-1")) == "-", "a repeat"
    assert unit.tell(came("sk-1")) == [ReapplyOffered.model_validate({**first, "decree": "sk-1"})]
    assert outcome(unit, came("sk-1")) == "-", "one who comes makes room for one"
    assert outcome(unit, refused("c-1", "p-1")) == "-"
    assert outcome(unit, came("sk-2", "p-2")) == "-", "nobody is told of their own coming"
    assert outcome(unit, came("sk-3")) == "offered"
    assert outcome(unit, came("sk-4")) == "-"
    assert SPARES.register, "any number of people may come to a unit"
