"""Register of an agency's decrees (SK): number and event are one write, so that numbers have no gaps.

One register per agency; the counters of the years stand inside, because where a message goes must not depend
on the day it arrives. It remembers what it numbered last and forgets an entry only when its own event came back as a
local copy: so the document stays small, and yet nothing it ever numbered is numbered again.
"""

from datetime import date
from functools import partial
from typing import Any, NamedTuple, get_args

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
from shared.contracts.reorganisations import ReorganisationApproved
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
    match event:
        case ObjectionAnswered():
            return carry_out(law, state, event, message, facts)
        case GroupApproved():
            files, group, each = event.files, event.group, False
        case ReorganisationApproved():
            files, group, each = files_of(event), event.reorganisation, True
        case ProposalApproved() if not event.content.group:  # a group asks for all its members together
            files, group, each = (GroupFile(case=event.case, attempt=event.attempt, content=event.content),), "", False
        case _:
            return []
    if not _fresh(state, files, facts):
        return []
    today = message.time.astimezone(Zone[facts.need(Agency, state.agency).zone].info).date()
    asked = tuple(Asked.of(file, event, facts) for file in files)
    papers = _papers(law, state, asked, facts, today)
    withheld = [paper for paper in papers if isinstance(paper, DecreeWithheld)]
    if not group or withheld:
        return [*papers] if not withheld else [_withheld(state, file, withheld[0].code) for file in files]
    return [_joint(state, group, papers, each=each)]


class Asked(NamedTuple):
    """One paper that is asked for: what is proposed, on whose decision, and as which kind of move."""

    file: GroupFile
    grant: Grant
    kind: str

    @classmethod
    def of(cls, file: GroupFile, event: object, facts: Facts) -> "Asked":
        """Of a list its own chain decided for all; of a case the grant of that case. Raises NotYet."""
        if isinstance(event, ReorganisationApproved):
            grant = Grant.model_validate(event.model_dump(include=set(Grant.model_fields)))
            return cls(file, grant, "reorganisation")
        return cls(file, facts.need(Grant, decree_id(file.case, file.attempt)), file.content.move)


def files_of(event: ReorganisationApproved) -> tuple[GroupFile, ...]:
    """The rows of the list as what is proposed for each."""
    wish = {**event.model_dump(include={"purpose", "expected_result"}), "reason": event.purpose}
    return tuple(
        GroupFile(
            case=move.case,
            attempt=1,
            content=Content.model_validate({**wish, **move.model_dump(), "initiative": "agency", "vacancy": ""}),
        )
        for move in event.moves
    )


Paper = DecreeIssued | DecreeWithheld


def _papers(law: Law, state: Register, asked: tuple[Asked, ...], facts: Facts, today: date) -> list[Paper]:
    """A paper for each, numbered one after the other."""
    papers: list[Paper] = []
    for one in asked:
        paper = _issue(law, state, one, facts, today)
        papers.append(paper)
        state = evolve(state, paper)
    return papers


def _joint(state: Register, group: str, papers: list[Paper], *, each: bool) -> DecreeGroupIssued:
    """One event with a paper for each; what withholds one withholds all."""
    issued = tuple(paper for paper in papers if isinstance(paper, DecreeIssued))
    return DecreeGroupIssued(group=group, agency=state.agency, papers=issued, each=each)


def _fresh(state: Register, files: tuple[GroupFile, ...], facts: Facts) -> bool:
    """False when these were settled before. Raises NotYet."""
    ids = [decree_id(file.case, file.attempt) for file in files]
    facts.want((Agency, state.agency), *((kind, id) for id in ids for kind in (Grant, Decree, Settled)))
    if any(id in state.recent or facts.get(Decree, id) or facts.get(Settled, id) for id in ids):
        return False
    room(state, facts)
    return True


def _withheld(state: Register, file: GroupFile, code: str) -> DecreeWithheld:
    return DecreeWithheld(
        case=file.case,
        attempt=file.attempt,
        decree=decree_id(file.case, file.attempt),
        agency=state.agency,
        person=file.content.person,
        code=code,
    )


def _issue(law: Law, state: Register, asked: Asked, facts: Facts, today: date) -> Paper:
    file, grant = asked.file, asked.grant
    content, decree = file.content, decree_id(file.case, file.attempt)
    try:
        # The number is the register's of that agency: a decision of another agency's office is not its authority, but
        # a joint decree has the authority of each agency that takes one of the members.
        deciding = content.target.agency if content.group else state.agency
        office = grant.office if grant.agency == deciding else ""
        before = {"consented": grant.consented, "letters": grant.letters}
        said = Said.model_validate({**before, "office": office, "issuers": _issuers(content, facts)})
        ground = law.authorities.ground(asked.kind, today, said)
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
