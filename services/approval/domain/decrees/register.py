"""Register of an agency's decrees (SK): number and event are one write, so that numbers have no gaps.

One register per agency; the counters of the years stand inside, because where a message goes must not depend
on the day it arrives. It remembers what it numbered last and forgets an entry only when its own event came back as a
local copy: so the document stays small, and yet nothing it ever numbered is numbered again.
"""

import json
from collections.abc import Mapping
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Any

from services.approval.domain.decrees.authority import Authorities, Unlawful
from services.approval.domain.decrees.numbering import Numbering
from services.approval.domain.facts import Agency, Decree, Grant, Settled
from shared.contracts.approval import DecreeIssued, DecreeWithheld
from shared.contracts.proposal import ProposalApproved
from shared.kernel.calendar import Zone
from shared.kernel.decider import Decider, Event, Facts, Frozen, Message, NotYet

PREFIX = "decrees:"
REMEMBERED, TOGETHER = 500, 50


class Register(Frozen):
    """`last` is the highest number by year; `recent` the place in line of what was settled last."""

    agency: str
    issued: int = 0
    last: Mapping[str, int] = {}
    recent: Mapping[str, int] = {}


class Law(Frozen):
    """The dated data under which a register works."""

    numbering: Numbering
    authorities: Authorities


def decrees_of(agency: str) -> str:
    """Id of the register of an agency."""
    return f"{PREFIX}{agency}"


def decree_id(case: str, attempt: int) -> str:
    """Id of the decree of an attempt; there is at most one."""
    return f"sk-{case}-{attempt}"


def make_decrees(numbering: Numbering, authorities: Authorities) -> Decider[Register]:
    """The decider of the registers under this numbering and these authorities."""
    return Decider(
        name="decrees",
        state=Register,
        initial=lambda id: Register(agency=id.removeprefix(PREFIX)),
        decide=partial(_decide, Law(numbering=numbering, authorities=authorities)),
        evolve=_evolve,
        register=True,
    )


def _decide(law: Law, state: Register, message: Message, facts: Facts) -> list[Event]:
    event = message.body
    if not isinstance(event, ProposalApproved):
        return []
    decree = decree_id(event.case, event.attempt)
    facts.want((Agency, state.agency), (Grant, decree), (Decree, decree), (Settled, decree))
    if decree in state.recent or facts.get(Decree, decree) or facts.get(Settled, decree):
        return []
    _room(state, facts)
    zone = Zone[facts.need(Agency, state.agency).zone]
    return [_issue(law, state, event, facts.need(Grant, decree), message.time.astimezone(zone.info).date())]


def _room(state: Register, facts: Facts) -> None:
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


def _issue(law: Law, state: Register, event: ProposalApproved, grant: Grant, today: date) -> Event:
    content, decree = event.content, decree_id(event.case, event.attempt)
    about = {"case": event.case, "attempt": event.attempt, "decree": decree, "agency": state.agency}
    try:
        # The number is the register's of that agency: a decision of another agency's office is not its authority.
        office = grant.office if grant.agency == state.agency else ""
        ground = law.authorities.ground(content.kind, today, office, grant.consented)
    except Unlawful as unlawful:
        return DecreeWithheld.model_validate({**about, "person": content.person, "code": unlawful.code})
    entry = law.numbering.on(state.agency, today)
    number = state.last.get(str(today.year), 0) + 1
    data = {
        **about,
        "year": today.year,
        "number": number,
        "number_text": entry.text(number, today),
        **content.model_dump(mode="json", include={"person", "origin", "target", "vacancy"}),
        "issued_on": today.isoformat(),
        "effective_on": entry.effective_on(today).isoformat(),
        **ground.model_dump(),
    }
    return DecreeIssued.model_validate({**data, "digest": digest_of(data)})


def digest_of(data: Mapping[str, Any]) -> str:
    """SHA-256 (hex) over the canonical data: all fields that are not empty but the digest, as JSON, keys sorted, no
    spaces. A field that decrees get later is empty in the earlier ones, so their hash stays what it was."""
    bare = {name: value for name, value in data.items() if name != "digest" and value not in ("", None, [])}
    return sha256(json.dumps(bare, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _evolve(state: Register, event: Event) -> Register:
    if not isinstance(event, DecreeIssued | DecreeWithheld):
        raise TypeError(f"no register hears {event.TYPE}")
    place = state.issued + 1
    kept = {decree: at for decree, at in state.recent.items() if at > place - REMEMBERED}
    changes: dict[str, Any] = {"issued": place, "recent": {**kept, event.decree: place}}
    if isinstance(event, DecreeIssued):
        changes["last"] = {**state.last, str(event.year): event.number}
    return state.model_copy(update=changes)
