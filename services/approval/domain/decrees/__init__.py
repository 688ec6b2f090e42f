"""Decrees (SK): how they are numbered and dated, who may issue them, and the register that does. Pure."""

from services.approval.domain.decrees.authority import Authorities, parse_authorities
from services.approval.domain.decrees.numbering import Numbering, parse_numbering
from services.approval.domain.decrees.register import (
    Register,
    decree_id,
    decrees_of,
    digest_of,
    make_decrees,
)

__all__ = [
    "Authorities",
    "Numbering",
    "Register",
    "decree_id",
    "decrees_of",
    "digest_of",
    "make_decrees",
    "parse_authorities",
    "parse_numbering",
]
