"""The proposal's decisions: the case (the arbiter) and the register of a vacancy's seats. Pure."""

from services.proposal.domain.cases import make_cases
from services.proposal.domain.commands import (
    Agree,
    Announce,
    AnswerConcern,
    ConfirmTalk,
    Draft,
    ProposeTalk,
    RaiseConcern,
    Revise,
    Submit,
    Withdraw,
)
from services.proposal.domain.facts import Agency, Closure, Employee, Vacancy
from services.proposal.domain.rules import Rules
from services.proposal.domain.seats import Seats, make_seats, seats_of
from services.proposal.domain.state import Case

__all__ = [
    "Agency",
    "Agree",
    "Announce",
    "AnswerConcern",
    "Case",
    "Closure",
    "ConfirmTalk",
    "Draft",
    "Employee",
    "ProposeTalk",
    "RaiseConcern",
    "Revise",
    "Rules",
    "Seats",
    "Submit",
    "Vacancy",
    "Withdraw",
    "make_cases",
    "make_seats",
    "seats_of",
]
