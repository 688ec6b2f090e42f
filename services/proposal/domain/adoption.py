"""A file under way on paper becomes a case: what the registry wrote down is adopted, or answered with why not. Pure.

The day on which it came in is the day of its submission: by it the vacancy was open, and by it the rules are chosen.
What was heard, agreed to and handed in on paper is not asked for again.
"""

from services.proposal.domain.commands import Wish
from services.proposal.domain.compose import WISHED, settle
from services.proposal.domain.facts import Vacancy
from services.proposal.domain.filing import handed_in
from services.proposal.domain.state import Case, receipt
from services.proposal.domain.turn import Turn
from shared.contracts.adoption import ProposalAdopted, ProposalNotAdopted
from shared.contracts.papers import PaperFiled, PaperWithdrawn
from shared.contracts.proposal import Content, ProposalSubmitted, ProposalWithdrawn
from shared.kernel.decider import Event, Refused


def adopt(turn: Turn, event: PaperFiled) -> list[Event]:
    """The case, handed in as the first attempt. Raises NotYet while person, vacancy or agency are unknown."""
    if turn.state.status != "new":
        return []
    try:
        content = _content(turn, event)
    except Refused as against:
        return cannot(turn.state, event, against.code)
    adopted = ProposalAdopted(case=event.case, content=content, paper=event.paper, by=event.by, batch=event.batch)
    return [adopted, _handed_in(turn, event, content)]


def _content(turn: Turn, event: PaperFiled) -> Content:
    vacancy = turn.facts.need(Vacancy, event.vacancy)
    in_time = event.paper.received_on <= vacancy.closes_on
    wish = Wish.model_validate(event.model_dump(include=WISHED))
    return settle(turn, wish, event.person, event.initiative, in_time=in_time)


def _handed_in(turn: Turn, event: PaperFiled, content: Content) -> ProposalSubmitted:
    return ProposalSubmitted(
        case=event.case,
        attempt=1,
        content=content,
        by=event.by,
        receipt=receipt(event.case),
        submitted_on=event.paper.received_on,
        paper=event.paper,
        **handed_in(turn, content),
    )


def cannot(state: Case, event: PaperFiled, code: str) -> list[Event]:
    """Said once: the paper stays what it is."""
    about = event.model_dump(include={"person", "paper", "batch"})
    return [ProposalNotAdopted.model_validate({**about, "case": state.case, "code": code})]


def taken_back(turn: Turn, event: PaperWithdrawn) -> list[Event]:
    """The file that brought it was taken back. What is approved or over by now has said so itself."""
    state = turn.state
    if state.status not in ("submitted", "returned"):
        return []
    about = {"case": state.case, "person": state.person, "attempt": state.attempt, "vacancy": state.vacancy}
    return [ProposalWithdrawn.model_validate({**about, "by": event.by, "reason": event.batch})]
