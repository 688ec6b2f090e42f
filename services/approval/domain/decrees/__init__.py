"""Decrees (SK): how they are numbered and dated, who may issue them, and the register that does. Pure."""

from services.approval.domain.decrees.acts import original_of, revocation_id
from services.approval.domain.decrees.agreement import agree
from services.approval.domain.decrees.authority import Authorities, parse_authorities
from services.approval.domain.decrees.commands import Amend, Revoke, Suspend
from services.approval.domain.decrees.history import History
from services.approval.domain.decrees.numbering import Numbering, parse_numbering
from services.approval.domain.decrees.register import decree_id, decrees_of, make_decrees
from services.approval.domain.decrees.state import Register, digest_of

__all__ = [
    "Amend",
    "Authorities",
    "History",
    "Numbering",
    "Register",
    "Revoke",
    "Suspend",
    "agree",
    "decree_id",
    "decrees_of",
    "digest_of",
    "make_decrees",
    "original_of",
    "parse_authorities",
    "parse_numbering",
    "revocation_id",
]
