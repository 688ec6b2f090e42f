"""Register of an agency's decrees (SK): number and event are one write, so that numbers have no gaps.

One register per agency; the counters of the years stand inside, because where a message goes must not depend
on the day it arrives. Repeats are found in the last decrees it remembers and, further back, in the local
copies of its own events: the document stays small however many decrees there are.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Any

from services.approval.domain.facts import Agency, Decree
from services.approval.domain.numbering import Numbering
from shared.contracts.approval import DecreeIssued
from shared.contracts.proposal import ProposalApproved
from shared.kernel.calendar import Zone
from shared.kernel.decider import Decider, Event, Facts, Frozen, Message

PREFIX = "decrees:"
REMEMBERED = 500


class Register(Frozen):
    """`last` is the highest number by year; `recent` the place in line of the newest decrees."""

    agency: str
    issued: int = 0
    last: Mapping[str, int] = {}
    recent: Mapping[str, int] = {}


def decrees_of(agency: str) -> str:
    """Id of the register of an agency."""
    return f"{PREFIX}{agency}"


def decree_id(case: str, attempt: int) -> str:
    """Id of the decree of an attempt; there is at most one."""
    return f"sk-{case}-{attempt}"


def make_decrees(numbering: Numbering) -> Decider[Register]:
    """The decider of the registers under this numbering."""
    return Decider(
        name="decrees",
        state=Register,
        initial=lambda id: Register(agency=id.removeprefix(PREFIX)),
        decide=partial(_decide, numbering),
        evolve=_evolve,
        register=True,
    )


def _decide(numbering: Numbering, state: Register, message: Message, facts: Facts) -> list[Event]:
    event = message.body
    if not isinstance(event, ProposalApproved):
        return []
    decree = decree_id(event.case, event.attempt)
    facts.want((Agency, state.agency), (Decree, decree))
    if decree in state.recent or facts.get(Decree, decree) is not None:
        return []
    zone = Zone[facts.need(Agency, state.agency).zone]
    return [_issue(numbering, state, event, message.time.astimezone(zone.info).date())]


def _issue(numbering: Numbering, state: Register, event: ProposalApproved, today: date) -> DecreeIssued:
    entry = numbering.on(state.agency, today)
    number = state.last.get(str(today.year), 0) + 1
    content = event.content
    data = {
        "case": event.case,
        "attempt": event.attempt,
        "decree": decree_id(event.case, event.attempt),
        "agency": state.agency,
        "year": today.year,
        "number": number,
        "number_text": entry.text(number, today.year),
        **content.model_dump(mode="json", include={"person", "origin", "target", "vacancy"}),
        "issued_on": today.isoformat(),
        "effective_on": entry.effective_on(today).isoformat(),
        "signatory": entry.signatory,
    }
    return DecreeIssued.model_validate({**data, "digest": digest_of(data)})


def digest_of(data: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over the canonical data: all fields but the digest, as JSON, keys sorted, no spaces."""
    bare = {name: value for name, value in data.items() if name != "digest"}
    return sha256(json.dumps(bare, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _evolve(state: Register, event: Event) -> Register:
    if not isinstance(event, DecreeIssued):
        raise TypeError(f"no register hears {event.TYPE}")
    place = state.issued + 1
    kept = {decree: at for decree, at in state.recent.items() if at > place - REMEMBERED}
    return state.model_copy(
        update={
            "issued": place,
            "last": {**state.last, str(event.year): event.number},
            "recent": {**kept, event.decree: place},
        }
    )
