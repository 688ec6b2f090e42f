"""What somebody sent in an emergency owes, and the document that pays it: of a kind, dated and judged as every document
of a case is (domain rule R13). Pure.

The file is stored before by its SHA-256, under the id of the debt (`services/proposal/files`).
"""

from services.proposal.domain.assignments.commands import SettleDebt
from services.proposal.domain.assignments.order import speaks
from services.proposal.domain.assignments.state import Assignment
from services.proposal.domain.filing import dated
from services.proposal.domain.turn import Occasion
from shared.contracts.assignments import Debt, DebtSettled
from shared.kernel.decider import Event, Refused
from shared.kernel.documents import Kind, documents


def debt_id(assignment: str, n: int | str) -> str:
    """Id under which the files of a debt are stored, and the looks at them written down."""
    return f"{assignment}.{n}"


def debt_of(state: Assignment, n: int) -> Debt:
    """What is, or was, owed under that number. Raises Refused DEBT_UNKNOWN."""
    found = next((debt for debt in state.debts if debt.n == n), None)
    if found is None:
        raise Refused("DEBT_UNKNOWN", status=404, n=n)
    return found


def settle(turn: Occasion, state: Assignment, command: SettleDebt) -> list[Event]:
    """The person, or an office of either unit, hands in what is owed; each debt is paid once.

    Raises Refused DEBT_UNKNOWN, OFFICE_NEEDED, KIND_UNKNOWN, NOTHING_INSTEAD, OFFICE_FILES, and as `dated` does.
    """
    debt = debt_of(state, command.n)
    if debt not in state.owed:
        raise Refused("DEBT_UNKNOWN", status=404, n=command.n)
    if turn.actor.person != debt.person:
        speaks(turn, state)
    kind = _paid_by(debt, command)
    if kind.filed_by == "offices" and turn.actor.person == debt.person:
        raise Refused("OFFICE_FILES", status=403, where="n", kind=kind.kind)
    dated(kind, command.number, command.dated, turn.today(state.home.agency), "dated")
    about = {**debt.model_dump(), "assignment": state.assignment, "by": turn.actor.person, "filed_as": kind.kind}
    return [DebtSettled.model_validate({**about, **command.model_dump()})]


def _paid_by(debt: Debt, command: SettleDebt) -> Kind:
    """The kind that is owed, or the affidavit that may stand for it."""
    if command.kind == "affidavit":
        stands = next((kind for kind in documents().kinds if debt.document in kind.instead_of), None)
        if stands is None:
            raise Refused("NOTHING_INSTEAD", status=422, where="kind", kind=debt.document)
        return stands
    kind = documents().kind(debt.document)
    if kind is None:
        raise Refused("KIND_UNKNOWN", status=422, where="n", kind=debt.document)
    return kind
