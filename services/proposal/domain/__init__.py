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
from services.proposal.domain.checklist import checklist
from services.proposal.domain.commands import (
    LAST,
    Agree,
    Announce,
    AnswerConcern,
    CheckDocument,
    ConfirmTalk,
    Contest,
    DecideContest,
    Draft,
    FileDocument,
    LookAt,
    NameDocument,
    ProposeTalk,
    RaiseConcern,
    RemoveDocument,
    Revise,
    Submit,
    Verdict,
    Withdraw,
)
from services.proposal.domain.facts import Agency, Closure, Employee, Forgotten, KnownUnit, Vacancy
from services.proposal.domain.groups import AcceptGroup, DeclineGroup, Group, OpenGroup, group_of, make_groups
from services.proposal.domain.papers import Document
from services.proposal.domain.replacements import make_spares, spare_of
from services.proposal.domain.rules import Rules
from services.proposal.domain.seats import LeaveSeat, Seats, TakeSeat, make_seats, seats_of
from services.proposal.domain.state import Case
from services.proposal.domain.views import Views, make_views, views_of

__all__ = [
    "LAST",
    "AcceptGroup",
    "Agency",
    "Agree",
    "Announce",
    "AnswerConcern",
    "Assignment",
    "Case",
    "CheckDocument",
    "Closure",
    "ConfirmTalk",
    "Contest",
    "ConvertAssignment",
    "DecideContest",
    "DeclineGroup",
    "Document",
    "Draft",
    "Employee",
    "FileDocument",
    "Forgotten",
    "Group",
    "KnownUnit",
    "LeaveSeat",
    "LookAt",
    "NameDocument",
    "OpenGroup",
    "OrderAssignment",
    "ProposeTalk",
    "RaiseConcern",
    "RecallPeople",
    "RemoveDocument",
    "Revise",
    "Rules",
    "Seats",
    "SettleDebt",
    "Submit",
    "TakeSeat",
    "Vacancy",
    "Verdict",
    "Views",
    "Withdraw",
    "assignment_of",
    "checklist",
    "group_of",
    "make_assignments",
    "make_cases",
    "make_groups",
    "make_seats",
    "make_spares",
    "make_views",
    "seats_of",
    "spare_of",
    "views_of",
]
