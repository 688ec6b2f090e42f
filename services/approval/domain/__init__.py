"""The approval's decisions: the case with its chain and tasks, and the register of decrees. Pure."""

from services.approval.domain.cases import make_cases
from services.approval.domain.chain import BadChains, Chains, parse_chains
from services.approval.domain.commands import Claim, Decide, Release
from services.approval.domain.decrees import (
    Authorities,
    Numbering,
    Register,
    decree_id,
    decrees_of,
    digest_of,
    make_decrees,
    parse_authorities,
    parse_numbering,
)
from services.approval.domain.desk import case_of, task_id
from services.approval.domain.facts import (
    Agency,
    Decree,
    Employee,
    Grant,
    Name,
    Particulars,
    Proposal,
    Revocation,
    Settled,
)
from services.approval.domain.state import Case

__all__ = [
    "Agency",
    "Authorities",
    "BadChains",
    "Case",
    "Chains",
    "Claim",
    "Decide",
    "Decree",
    "Employee",
    "Grant",
    "Name",
    "Numbering",
    "Particulars",
    "Proposal",
    "Register",
    "Release",
    "Revocation",
    "Settled",
    "case_of",
    "decree_id",
    "decrees_of",
    "digest_of",
    "make_cases",
    "make_decrees",
    "parse_authorities",
    "parse_chains",
    "parse_numbering",
    "task_id",
]
