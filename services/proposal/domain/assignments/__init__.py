"""Temporary assignments in an emergency (surat tugas, K9): people work elsewhere at once, their post stays. Pure."""

from services.proposal.domain.assignments.commands import (
    ConvertAssignment,
    NamePaper,
    OrderAssignment,
    RecallPeople,
    SettleDebt,
)
from services.proposal.domain.assignments.debts import debt_id, debt_of
from services.proposal.domain.assignments.decider import make_assignments
from services.proposal.domain.assignments.state import Assignment, Paper, assignment_of

__all__ = [
    "Assignment",
    "ConvertAssignment",
    "NamePaper",
    "OrderAssignment",
    "Paper",
    "RecallPeople",
    "SettleDebt",
    "assignment_of",
    "debt_id",
    "debt_of",
    "make_assignments",
]
