"""A case that begins with the agency: a line of a plan, or what follows a temporary assignment. The agency's own,
drafted and told to the person at once.

Who may publish was judged where the plan lives. From here it goes the way of every proposal of the agency
(docs/voice.md). A line that cannot become a case is answered, so that the plan hears of it.
"""

from services.proposal.domain.commands import Wish
from services.proposal.domain.compose import settle
from services.proposal.domain.turn import Turn
from services.proposal.domain.voice import told
from shared.contracts.assignments import AssignmentConverted
from shared.contracts.groups import GroupOrdered
from shared.contracts.plan import (
    PlanLineRefused,
    PlanWavePublished,
)
from shared.contracts.proposal import ProposalDrafted
from shared.kernel.decider import Event, Refused


def published(turn: Turn, event: PlanWavePublished) -> list[Event]:
    """Draft this case's line and tell the person. Raises NotYet for what nobody told yet."""
    case = turn.state.case
    if turn.state.status != "new":
        return []
    line = next(line for line in event.lines if line.case == case)
    wish = {"purpose": event.purpose, "expected_result": event.expected_result, "reason": line.reason}
    try:
        content = settle(turn, Wish(vacancy=line.vacancy, **wish), line.person, "agency")
    except Refused as against:
        return [PlanLineRefused(case=case, person=line.person, vacancy=line.vacancy, code=against.code)]
    drafted = ProposalDrafted(case=case, content=content, by=event.by)
    return [drafted, told(turn, content, event.by, event.benefit, event.training)]


def ordered(turn: Turn, event: GroupOrdered | AssignmentConverted) -> list[Event]:
    """A member of an exchange that the plan orders, or who is to stay where an emergency sent them: drafted and
    told, as the agency's own. Raises NotYet."""
    if turn.state.status != "new":
        return []
    drafted = ProposalDrafted(case=event.case, content=event.content, by=event.by)
    return [drafted, told(turn, event.content, event.by, event.benefit, event.training)]
