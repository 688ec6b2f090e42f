"""Ids of the registry's aggregates, derived so that a repeated import meets the same document. Pure.

The prefix keeps the kinds apart: a unit and a post may share a code, never an id.
"""

import re
from typing import Annotated
from uuid import UUID, uuid5

from pydantic import StringConstraints

# Names the space of ids derived here; changing it would give every known person a second document.
_SPACE = UUID("6e2f6a53-2b5a-5d0a-9c3c-1f1d6f2f5b11")
_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,64}")

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,46}[a-z0-9])?$")]
"""Short code of an agency, unit or post: lower-case ASCII letters, digits and hyphens, at most 48."""

SYSTEM = "system"
"""Stands for the agency's own program where a NIP is asked for."""


def unit_id(agency: str, code: str) -> str:
    """Id of a unit (unit organisasi) of that agency."""
    return f"u:{agency}:{code}"


def post_id(agency: str, code: str) -> str:
    """Id of a post (jabatan) of that agency."""
    return f"p:{agency}:{code}"


def person_id(agency: str, nip: str) -> str:
    """Surrogate id of a person at the first import; it stays when the NIP or the agency changes."""
    return str(uuid5(_SPACE, f"{agency}/{nip}"))


def system_id(agency: str) -> str:
    """Id of the agency's own program: it has a login and an office, and no profile."""
    return f"{SYSTEM}:{agency}"


def is_system(person: str) -> bool:
    """True for an agency's own program."""
    return person.startswith(f"{SYSTEM}:")


def vacancy_id(agency: str, reference: str) -> str:
    """Id of a vacancy by the agency's own reference, which is free text such as "800/12/BKPSDM/2026"."""
    return f"v:{agency}:{plain(reference)}"


def door_id(agency: str, offer: str) -> str:
    """Id of what was refused at the agency's door."""
    return f"door:{agency}:{plain(offer)}"


def plain(text: str) -> str:
    """The text where it is safe in ids and addresses, else a hash of it."""
    return text if _PLAIN.fullmatch(text) else uuid5(_SPACE, text).hex
