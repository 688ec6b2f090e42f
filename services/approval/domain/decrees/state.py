"""What a register of decrees knows, the law it works under, and what it may forget. Pure."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from services.approval.domain.decrees.authority import Authorities
from services.approval.domain.decrees.numbering import Numbering
from services.approval.domain.facts import Decree, Settled
from shared.contracts.approval import DecreeAmended, DecreeIssued, DecreeRevoked, DecreeWithheld
from shared.contracts.group_decree import DecreeGroupIssued
from shared.kernel.decider import Event, Facts, Frozen, NotYet

REMEMBERED, TOGETHER = 2_000, 100


class Register(Frozen):
    """`last` is the highest number by year; `recent` the place in line of what was settled last.

    `newest` is the id of the newest of these and `newest_number` its number as printed.
    """

    agency: str
    issued: int = 0
    last: Mapping[str, int] = {}
    recent: Mapping[str, int] = {}
    newest: str = ""
    newest_number: str = ""

    def number(self, year: int) -> int:
        """The next number of a year."""
        return self.last.get(str(year), 0) + 1


class Law(Frozen):
    """The dated data under which a register works."""

    numbering: Numbering
    authorities: Authorities


def room(state: Register, facts: Facts) -> None:
    """Before something is forgotten its own event must have come back: raises NotYet until it has.

    A block is asked for together, so that a full register does not cost one round of loading per decree.
    """
    if len(state.recent) < REMEMBERED:
        return
    first = min(state.recent.values())
    block = [id for id, at in state.recent.items() if (at - 1) // TOGETHER == (first - 1) // TOGETHER]
    facts.want(*((kind, id) for id in block for kind in (Decree, Settled)))
    oldest = min(block, key=lambda id: state.recent[id])
    if not (facts.get(Decree, oldest) or facts.get(Settled, oldest)):
        raise NotYet(f"{Decree.KIND}/{oldest}")


def digest_of(data: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over the canonical data: all fields that are not empty but the digest, as JSON, keys sorted, no
    spaces. A field that decrees get later is empty in the earlier ones, so their hash stays what it was."""
    bare = {name: value for name, value in data.items() if name != "digest" and value not in ("", None, [])}
    return sha256(json.dumps(bare, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def evolve(state: Register, event: Event) -> Register:
    """The state after the event. Raises TypeError for one that no register says."""
    match event:
        case DecreeIssued():
            return _numbered(state, event.decree, event)
        case DecreeGroupIssued():
            for paper in event.papers:
                state = evolve(state, paper)
            return state
        case DecreeAmended():
            return _numbered(state, event.amendment, event)
        case DecreeRevoked():
            return _numbered(state, event.revocation, event)
        case DecreeWithheld():
            return _settled(state, event.decree)
    raise TypeError(f"no register hears {event.TYPE}")


def _numbered(state: Register, id: str, event: DecreeIssued | DecreeAmended | DecreeRevoked) -> Register:
    last = {**state.last, str(event.year): event.number}
    return _settled(state, id).model_copy(update={"last": last, "newest_number": event.number_text})


def _settled(state: Register, id: str) -> Register:
    place = state.issued + 1
    kept = {known: at for known, at in state.recent.items() if at > place - REMEMBERED}
    return state.model_copy(update={"issued": place, "recent": {**kept, id: place}, "newest": id})
