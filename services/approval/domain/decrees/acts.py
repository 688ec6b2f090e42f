"""What the authority of a decree may do to it later: change its effective date, suspend it, or revoke it. Pure.

All are decrees of their own with a number of the same register; the first decree stays as it was said. Who moves and
where to is not amended: another seat has other competitors, so that takes a revocation and a new case.
"""

from datetime import date
from typing import Any

from services.approval.domain.decrees.commands import Act, Amend, Revoke, Suspend
from services.approval.domain.decrees.grounds import suspended, taken_back
from services.approval.domain.decrees.signatory import signing
from services.approval.domain.decrees.state import Law, Register, digest_of, evolve, room
from services.approval.domain.facts import Agency, Amendment, Bundle, Decree, Objected, Outcome, Revocation, Settled
from shared.contracts.approval import (
    DecreeAmended,
    DecreeIssued,
    DecreeRevoked,
)
from shared.contracts.objections import (
    ObjectionAnswered,
)
from shared.kernel.calendar import Zone
from shared.kernel.decider import Event, Facts, Message, NotYet, Refused

AMENDED = ("MOVE_RESCHEDULED", "DUTIES_LETTER", "PAYROLL", "REVIEWS", "NOTICE")
CANCELLED = ("MOVE_CANCELLED", "SEAT_RELEASED", "NOTICE")
UNDONE = ("MOVE_BACK", "DUTIES_LETTER", "PAYROLL", "REVIEWS", "NOTICE")
"""Consequences by code; what each means and who carries it out stands in consequences.yaml."""


def revocation_id(decree: str) -> str:
    """Id of the decree that revokes another; there is at most one."""
    return f"{decree}-revoked"


def original_of(id: str) -> str:
    """Id of the decree that an amendment or revocation is about; a decree's own id stays as it is."""
    for mark in ("-amended-", "-revoked"):
        id = id.partition(mark)[0]
    return id


def act(law: Law, state: Register, command: Act, message: Message, facts: Facts) -> list[Event]:
    """Number the act.

    Raises Refused: NOT_FOUND, OFFICE_NEEDED, KONFLIK_KEPENTINGAN, ALREADY_REVOKED, ALREADY_EFFECTIVE,
    TMT_RETROACTIVE, TMT_TOO_FAR; of a suspension and of a revocation after a letter see `grounds`. Raises NotYet while
    an earlier act of the same decree did not come back.
    """
    found, today = _known(state, command.decree, message, facts)
    by = signing(message.actor, found, today, facts)
    said: dict[str, Any] = {"by": by, "reason": command.reason, "issued_on": today}
    _stands(state, command.decree, facts)
    if isinstance(command, Suspend):
        objected, zone = facts.get(Objected, command.decree), Zone[facts.need(Agency, state.agency).zone]
        command = suspended(command, objected, law.numbering.on(state.agency, today), today, zone)
        said["objection"] = objected.objection if objected else ""
    elif isinstance(command, Revoke) and (letter := taken_back(found, command.letter, today)):
        said["letter"] = letter.model_dump(mode="json")
    return _numbered(law, state, found, command, said, facts)


def carry_out(law: Law, state: Register, event: ObjectionAnswered, message: Message, facts: Facts) -> list[Event]:
    """Revoke the decree of a granted objection; who granted it was judged there. Nothing is left to do when it was
    revoked already. Raises NotYet as `act` does, and while the decree is not known."""
    facts.need(Decree, event.decree)
    found, today = _known(state, event.decree, message, facts)
    try:
        _stands(state, event.decree, facts)
    except Refused:
        return []
    command = Revoke(decree=event.decree, reason=event.reason)
    said = {"by": event.by, "reason": event.reason, "issued_on": today}
    return _numbered(law, state, found, command, said, facts)


def _known(state: Register, id: str, message: Message, facts: Facts) -> tuple[DecreeIssued, date]:
    """The decree and today where its agency is. Raises Refused NOT_FOUND."""
    wanted = (Amendment, Decree, Objected, Outcome, Revocation)
    facts.want((Agency, state.agency), (Settled, revocation_id(id)), *((kind, id) for kind in wanted))
    found = facts.get(Decree, id)
    if found is None or found.issued.agency != state.agency:
        raise Refused("NOT_FOUND", status=404)
    return found.issued, message.time.astimezone(Zone[facts.need(Agency, state.agency).zone].info).date()


def _numbered(
    law: Law, state: Register, issued: DecreeIssued, command: Amend | Revoke, said: dict[str, Any], facts: Facts
) -> list[Event]:
    """One act, or one for each paper of a group that did not take effect yet: all or none (I6)."""
    room(state, facts)
    events: list[Event] = []
    for paper in _papers(issued, facts):
        data = said | _common(law, state, paper, said["issued_on"])
        if isinstance(command, Amend):
            found = _amended(law, state, paper, command, data, facts)
        else:
            found = [_revoked(law, state, paper, command, data, facts)]
        for event in found:
            state = evolve(state, event)
        events += found
    return events


def _papers(issued: DecreeIssued, facts: Facts) -> tuple[DecreeIssued, ...]:
    """The decree alone, or after its partners' as long as they wait for their day together. Raises NotYet while only
    some of them are known to have moved."""
    if not issued.group or facts.get(Outcome, issued.decree):
        return (issued,)
    others = [id for id in facts.need(Bundle, issued.group).decrees if id != issued.decree]
    facts.want(*((kind, id) for id in others for kind in (Decree, Outcome, Amendment)))
    if any(facts.get(Outcome, id) for id in others):
        raise NotYet(f"{Outcome.KIND}/{issued.decree}")
    return (*(facts.need(Decree, id).issued for id in others), issued)


def _stands(state: Register, decree: str, facts: Facts) -> None:
    revocation = revocation_id(decree)
    known = facts.get(Revocation, decree) or facts.get(Settled, revocation)
    if revocation in state.recent or known:
        raise Refused("ALREADY_REVOKED", decree=decree)
    earlier = [id for id in state.recent if id.startswith(f"{decree}-amended-")]
    newest = max(earlier, key=lambda id: state.recent[id], default="")
    copy = facts.get(Amendment, decree)
    if newest and (copy is None or copy.amendment != newest):
        raise NotYet(f"{Amendment.KIND}/{decree}")


def _common(law: Law, state: Register, issued: DecreeIssued, today: date) -> dict[str, Any]:
    number = state.number(today.year)
    return {
        **issued.model_dump(mode="json", include={"case", "decree", "person", "agency", "signatory", "group"}),
        "year": today.year,
        "number": number,
        "number_text": law.numbering.on(state.agency, today).text(number, today),
        "issued_on": today.isoformat(),
    }


def _amended(
    law: Law, state: Register, issued: DecreeIssued, command: Amend, data: dict[str, Any], facts: Facts
) -> list[Event]:
    if facts.get(Outcome, issued.decree):
        raise Refused("ALREADY_EFFECTIVE", decree=issued.decree)
    amendment = facts.get(Amendment, issued.decree)
    was = amendment.effective_on if amendment else issued.effective_on
    if "objection" in data and command.effective_on <= was:
        raise Refused("SUSPENDED_LONGER", effective_on=was.isoformat())
    if command.effective_on == was:
        return []
    today = date.fromisoformat(data["issued_on"])
    _dated(law, state, today, command.effective_on)
    data |= {
        "amendment": f"{issued.decree}-amended-{data['year']}-{data['number']}",
        "was_effective_on": was.isoformat(),
        "effective_on": command.effective_on.isoformat(),
        "consequences": list(AMENDED),
    }
    return [DecreeAmended.model_validate({**data, "digest": digest_of(data)})]


def _revoked(
    law: Law, state: Register, issued: DecreeIssued, command: Revoke, data: dict[str, Any], facts: Facts
) -> DecreeRevoked:
    outcome, today = facts.get(Outcome, issued.decree), date.fromisoformat(data["issued_on"])
    moved = outcome is not None and outcome.moved
    chosen = command.effective_on or law.numbering.on(state.agency, today).effective_on(today)
    effective = chosen if moved else today
    _dated(law, state, today, effective)
    data |= {
        **issued.model_dump(mode="json", include={"origin", "target"}),
        "revocation": revocation_id(issued.decree),
        "code": "LETTER_WITHDRAWN" if "letter" in data else "AUTHORITY",
        "effective_on": effective.isoformat(),
        "moved": moved,
        "consequences": list(UNDONE if moved else CANCELLED),
    }
    return DecreeRevoked.model_validate({**data, "digest": digest_of(data)})


def _dated(law: Law, state: Register, today: date, effective_on: date) -> None:
    entry = law.numbering.on(state.agency, today)
    if code := entry.fault(today, effective_on):
        bounds = entry.dating.model_dump(include={"days_back", "days_ahead"})
        raise Refused(code, status=422, where="effective_on", **bounds)
