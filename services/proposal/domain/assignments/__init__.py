"""Temporary assignments in an emergency (surat tugas, K9): people work elsewhere at once, their post stays. Pure."""

from services.proposal.domain.assignments.commands import ConvertAssignment, OrderAssignment, RecallPeople, SettleDebt
from services.proposal.domain.assignments.decider import make_assignments
from services.proposal.domain.assignments.state import Assignment, assignment_of

__all__ = [
    "Assignment",
    "ConvertAssignment",
    "OrderAssignment",
    "RecallPeople",
    "SettleDebt",
    "assignment_of",
    "make_assignments",
]
