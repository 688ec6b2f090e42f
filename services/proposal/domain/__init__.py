"""The proposal's decisions: the case (the arbiter), the group, and the register of a vacancy's seats. Pure."""

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
from services.proposal.domain.facts import Agency, Closure, Employee, Vacancy
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
    "Case",
    "Closure",
    "ConfirmTalk",
    "Contest",
    "DecideContest",
    "DeclineGroup",
    "Draft",
    "Employee",
    "Group",
    "OpenGroup",
    "ProposeTalk",
    "RaiseConcern",
    "Revise",
    "Rules",
    "Seats",
    "Submit",
    "Vacancy",
    "Withdraw",
    "group_of",
    "make_cases",
    "make_groups",
    "make_seats",
    "seats_of",
]
