"""The proposal's decisions: the case (the arbiter), the group, the temporary assignment, and the register of a
vacancy's seats. Pure."""

from services.proposal.domain.assignments import (
    Assignment,
    ConvertAssignment,
    OrderAssignment,
    RecallPeople,
    SettleDebt,
    assignment_of,
    make_assignments,
)
from services.proposal.domain.cases import make_cases
from services.proposal.domain.commands import (
    Agree,
    Announce,
    AnswerConcern,
    ConfirmTalk,
    Contest,
    DecideContest,
    Draft,
    ProposeTalk,
    RaiseConcern,
    Revise,
    Submit,
    Withdraw,
)
from services.proposal.domain.facts import Agency, Closure, Employee, KnownUnit, Vacancy
from services.proposal.domain.groups import AcceptGroup, DeclineGroup, Group, OpenGroup, group_of, make_groups
from services.proposal.domain.rules import Rules
from services.proposal.domain.seats import Seats, make_seats, seats_of
from services.proposal.domain.state import Case

__all__ = [
    "AcceptGroup",
    "Agency",
    "Agree",
    "Announce",
    "AnswerConcern",
    "Assignment",
    "Case",
    "Closure",
    "ConfirmTalk",
    "Contest",
    "ConvertAssignment",
    "DecideContest",
    "DeclineGroup",
    "Draft",
    "Employee",
    "Group",
    "KnownUnit",
    "OpenGroup",
    "OrderAssignment",
    "ProposeTalk",
    "RaiseConcern",
    "RecallPeople",
    "Revise",
    "Rules",
    "Seats",
    "SettleDebt",
    "Submit",
    "Vacancy",
    "Withdraw",
    "assignment_of",
    "group_of",
    "make_assignments",
    "make_cases",
    "make_groups",
    "make_seats",
    "seats_of",
]
