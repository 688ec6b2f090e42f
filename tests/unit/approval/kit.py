"""A small agency for approval: Rina's case, the chain K1, and an official for each of its stages."""

from services.approval.deciders import load
from services.approval.domain import Agency, Case, Claim, Decide, Employee, Grant, Proposal, make_cases, task_id
from shared.contracts.evaluation import EvaluationCompleted
from shared.contracts.proposal import (
    Content,
    ProposalCompleted,
    ProposalExpired,
    ProposalRefused,
    ProposalReturned,
    ProposalWithdrawn,
)
from shared.contracts.registry import EmployeeMoveRefused
from shared.kernel.decider import Actor, Event, Fact
from tests.unit.proposal.bench import Bench
from tests.unit.proposal.kit import (
    ORIGIN,
    TARGET,
    actor,
    evaluated,
    move_refused,
    office,
)

CHAINS, NUMBERING, AUTHORITIES = load()
CASES = make_cases(CHAINS)
STAGES = [stage.id for stage in CHAINS.chains[0].stages]
OFFICIALS: list[Actor] = [
    actor(f"p-{stage.id}", office(stage.office, ORIGIN.unit if stage.scope == "origin_unit" else ""))
    for stage in CHAINS.chains[0].stages
]
CONTENT = Content(
    initiative="own",
    person="p-rina",
    vacancy="v-1",
    origin=ORIGIN,
    target=TARGET,
    purpose="melayani",
    expected_result="antrean turun",
    reason="minat",
    consent=True,
)


def facts(attempt: int = 1) -> dict[tuple[type[Fact], str], Fact]:
    """The agency in WITA, Rina with a sister, and what she submitted."""
    return {
        (Agency, "palu"): Agency(zone="WITA", name="Pemerintah Kota Palu"),
        (Employee, "p-rina"): Employee(relatives=("p-sister",)),
        (Proposal, "c-1"): Proposal(attempt=attempt, content=CONTENT, receipt="MT-1"),
    }


GRANT = Grant(office="ppk", agency="palu", by="p-ppk", consented=("direct_superior", "bkn_liaison"))
"""What the register of decrees is told of a chain that went through."""


def bench() -> Bench[Case]:
    """A case nobody has heard of."""
    return Bench(CASES, "c-1", facts())


def opened(attempt: int = 1) -> Bench[Case]:
    """A case with its first task waiting."""
    case = Bench(CASES, "c-1", facts(attempt))
    case.tell(evaluated(attempt))
    return case


def task(n: int = 1, attempt: int = 1) -> str:
    """Id of the n-th task."""
    return task_id("c-1", attempt, n)


def say(case: Bench[Case], n: int, decision: str = "approve", code: str = "", reason: str = "") -> list[Event]:
    """Let the official of the n-th stage claim and decide it."""
    who, id = OFFICIALS[n - 1], task(n, case.state.attempt)
    case.tell(Claim(task=id), who)
    body = {"task": id, "decision": decision, "code": code, "reason": reason}
    return case.tell(Decide.model_validate(body), who)


def through(upto: int = len(STAGES)) -> Bench[Case]:
    """A case whose first stages all approved."""
    case = opened()
    for n in range(1, upto + 1):
        say(case, n)
    return case


def evaluation(attempt: int = 1, eligible: bool = True) -> EvaluationCompleted:
    """The evaluation of an attempt."""
    return evaluated(attempt, eligible)


def withdrawn(attempt: int = 1) -> ProposalWithdrawn:
    """The proposal was taken back."""
    return ProposalWithdrawn(case="c-1", person="p-rina", attempt=attempt, by="p-rina", reason="r")


def refused(attempt: int = 1) -> ProposalRefused:
    """The proposal ended."""
    return ProposalRefused(
        case="c-1", person="p-rina", attempt=attempt, stage="seat", codes=("FORMASI_PENUH",), reason=""
    )


def returned(attempt: int = 1) -> ProposalReturned:
    """The file is with the person again."""
    return ProposalReturned(case="c-1", person="p-rina", attempt=attempt, code="X", reason="r")


def expired(attempt: int = 1) -> ProposalExpired:
    """The file was not mended."""
    return ProposalExpired(case="c-1", person="p-rina", attempt=attempt)


def completed() -> ProposalCompleted:
    """The person has moved."""
    return ProposalCompleted(case="c-1", person="p-rina", decree="sk-c-1-1")


def no_move() -> EmployeeMoveRefused:
    """The decree could not be carried out."""
    return move_refused()
