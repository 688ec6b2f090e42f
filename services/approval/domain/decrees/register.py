"""Register of an agency's decrees (SK): number and event are one write, so that numbers have no gaps.

One register per agency; the counters of the years stand inside, because where a message goes must not depend
on the day it arrives. It remembers what it numbered last and forgets an entry only when its own event came back as a
local copy: so the document stays small, and yet nothing it ever numbered is numbered again.
"""

from datetime import date
from functools import partial
from typing import Any, get_args

from services.approval.domain.decrees.acts import act, carry_out
from services.approval.domain.decrees.authority import Authorities, Said, Unlawful
from services.approval.domain.decrees.commands import Act
from services.approval.domain.decrees.numbering import Numbering
from services.approval.domain.decrees.state import Law, Register, digest_of, evolve, room
from services.approval.domain.facts import Agency, Decree, Grant, Settled
from services.approval.domain.letters import Issuer, issuer_of
from shared.contracts.approval import (
    DecreeIssued,
    DecreeWithheld,
)
from shared.contracts.group_decree import DecreeGroupIssued
from shared.contracts.groups import GroupApproved, GroupFile
from shared.contracts.objections import (
    ObjectionAnswered,
)
from shared.contracts.proposal import Content, ProposalApproved
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
    if isinstance(event, Act):
        return act(law, state, event, message, facts)
    if isinstance(event, ObjectionAnswered):
        return carry_out(law, state, event, message, facts)
    if isinstance(event, GroupApproved):
        return _together(law, state, event, message, facts)
    if not isinstance(event, ProposalApproved) or event.content.group:
        return []  # a group asks for all its members together
    file = GroupFile(case=event.case, attempt=event.attempt, content=event.content)
    if not _fresh(state, (file,), facts):
        return []
    return [_issue(law, state, file, facts, _today(state, message, facts))]


def _together(law: Law, state: Register, event: GroupApproved, message: Message, facts: Facts) -> list[Event]:
    """One event with a paper for each member, or none: what withholds one withholds all."""
    if not _fresh(state, event.files, facts):
        return []
    today, papers, after = _today(state, message, facts), [], state
    for file in event.files:
        paper = _issue(law, after, file, facts, today)
        if isinstance(paper, DecreeWithheld):
            return [_withheld(state, other, paper.code) for other in event.files]
        papers.append(paper)
        after = evolve(after, paper)
    return [DecreeGroupIssued(group=event.group, agency=state.agency, papers=tuple(papers))]


def _fresh(state: Register, files: tuple[GroupFile, ...], facts: Facts) -> bool:
    """False when these were settled before. Raises NotYet."""
    ids = [decree_id(file.case, file.attempt) for file in files]
    facts.want((Agency, state.agency), *((kind, id) for id in ids for kind in (Grant, Decree, Settled)))
    if any(id in state.recent or facts.get(Decree, id) or facts.get(Settled, id) for id in ids):
        return False
    room(state, facts)
    return True


def _today(state: Register, message: Message, facts: Facts) -> date:
    return message.time.astimezone(Zone[facts.need(Agency, state.agency).zone].info).date()


def _withheld(state: Register, file: GroupFile, code: str) -> DecreeWithheld:
    return DecreeWithheld(
        case=file.case,
        attempt=file.attempt,
        decree=decree_id(file.case, file.attempt),
        agency=state.agency,
        person=file.content.person,
        code=code,
    )


def _issue(law: Law, state: Register, file: GroupFile, facts: Facts, today: date) -> DecreeIssued | DecreeWithheld:
    content, decree = file.content, decree_id(file.case, file.attempt)
    grant = facts.need(Grant, decree)
    try:
        # The number is the register's of that agency: a decision of another agency's office is not its authority.
        office = grant.office if grant.agency == state.agency else ""
        before = {"consented": grant.consented, "letters": grant.letters}
        said = Said.model_validate({**before, "office": office, "issuers": _issuers(content, facts)})
        ground = law.authorities.ground(content.move, today, said)
    except Unlawful as unlawful:
        return _withheld(state, file, unlawful.code)
    entry = law.numbering.on(state.agency, today)
    number = state.number(today.year)
    data = {
        **file.model_dump(include={"case", "attempt"}),
        "decree": decree,
        "agency": state.agency,
        "year": today.year,
        "number": number,
        "number_text": entry.text(number, today),
        **content.model_dump(mode="json", include={"person", "origin", "target", "vacancy", "group"}),
        "issued_on": today.isoformat(),
        "effective_on": entry.effective_on(today).isoformat(),
        **ground.model_dump(),
        **_between(content, grant),
    }
    return DecreeIssued.model_validate({**data, "digest": digest_of(data)})


def _between(content: Content, grant: Grant) -> dict[str, Any]:
    """What the decree of a move between agencies keeps besides: the kind, and the letters it rests on (D11)."""
    if content.move == "one_agency":
        return {}
    return {"move": content.move, "letters": [letter.model_dump(mode="json") for letter in grant.letters]}


def _issuers(content: Content, facts: Facts) -> dict[Issuer, str]:
    """Whose letters they must be. Raises NotYet for an agency that is not known."""
    places = (content.origin, content.target)
    provinces = {place.agency: facts.need(Agency, place.agency).province for place in places}
    return {issuer: issuer_of(issuer, *places, provinces) for issuer in get_args(Issuer)}
