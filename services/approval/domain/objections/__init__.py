"""Objection (keberatan) against a decree: terms of both regimes, answer, silence, court. Pure."""

from services.approval.domain.objections.commands import AnswerObjection, FileObjection, RecordCourt
from services.approval.domain.objections.objection import Objection, make_objections, objection_of
from services.approval.domain.objections.remedies import Remedies, Way, parse_remedies

__all__ = [
    "AnswerObjection",
    "FileObjection",
    "Objection",
    "RecordCourt",
    "Remedies",
    "Way",
    "make_objections",
    "objection_of",
    "parse_remedies",
]
