"""Register of an agency's decrees (SK): number and event are one write, so that numbers have no gaps.

One register per agency; the counters of the years stand inside, because where a message goes must not depend
on the day it arrives. It remembers what it numbered last and forgets an entry only when its own event came back as a
local copy: so the document stays small, and yet nothing it ever numbered is numbered again.
"""

from datetime import date
from functools import partial

from services.approval.domain.decrees.acts import Amend, Revoke, act, carry_out
from services.approval.domain.decrees.authority import Authorities, Unlawful
from services.approval.domain.decrees.numbering import Numbering
from services.approval.domain.decrees.state import Law, Register, digest_of, evolve, room
from services.approval.domain.facts import Agency, Decree, Grant, Settled
from shared.contracts.approval import (
    DecreeIssued,
    DecreeWithheld,
)
from shared.contracts.objections import (
    ObjectionAnswered,
)
from shared.contracts.proposal import ProposalApproved
from shared.kernel.calendar import Zone
from shared.kernel.decider import Decider, Event, Facts, Message

PREFIX = "decrees:"


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
        evolve=evolve,
        answer=lambda state: {"decree": state.newest, "number_text": state.newest_number},
        register=True,
    )


def _decide(law: Law, state: Register, message: Message, facts: Facts) -> list[Event]:
    event = message.body
    if isinstance(event, Amend | Revoke):
        return act(law, state, event, message, facts)
    if isinstance(event, ObjectionAnswered):
        return carry_out(law, state, event, message, facts)
    if not isinstance(event, ProposalApproved):
        return []
    decree = decree_id(event.case, event.attempt)
    facts.want((Agency, state.agency), (Grant, decree), (Decree, decree), (Settled, decree))
    if decree in state.recent or facts.get(Decree, decree) or facts.get(Settled, decree):
        return []
    room(state, facts)
    zone = Zone[facts.need(Agency, state.agency).zone]
    return [_issue(law, state, event, facts.need(Grant, decree), message.time.astimezone(zone.info).date())]


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
    number = state.number(today.year)
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
