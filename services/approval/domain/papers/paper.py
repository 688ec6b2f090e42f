"""The paper of one decree: its corrections (ralat). Its id is the decree's. Pure.

A correction changes how a post or unit is written, never which one is meant, nor the number, the date or the effect.
Names and numbers of people are put right in the registry: no event of ours carries them.
"""

from typing import Annotated

from pydantic import StringConstraints

from services.approval.domain.decrees.acts import Reason, revocation_id
from services.approval.domain.decrees.signatory import signing
from services.approval.domain.facts import Agency, Decree, Revocation, Settled
from services.approval.domain.papers.correction import Correction, Part
from shared.contracts.approval import DecreeCorrected
from shared.kernel.calendar import Zone
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused

Written = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class Paper(Frozen):
    """All corrections, the oldest first."""

    decree: str
    corrections: tuple[Correction, ...] = ()


class Correct(Command):
    """Put right how a post or a unit is written: what stands there, and what should."""

    part: Part
    wrong: Written
    right: Written
    reason: Reason


def _decide(state: Paper, message: Message, facts: Facts) -> list[Event]:
    command = message.body
    return _correct(state, command, message, facts) if isinstance(command, Correct) else []


def _correct(state: Paper, command: Correct, message: Message, facts: Facts) -> list[Event]:
    """Raises Refused: NOT_FOUND, OFFICE_NEEDED, KONFLIK_KEPENTINGAN, ALREADY_REVOKED, NOTHING_TO_CORRECT."""
    facts.want((Decree, state.decree), (Revocation, state.decree), (Settled, revocation_id(state.decree)))
    found = facts.get(Decree, state.decree)
    if found is None:
        raise Refused("NOT_FOUND", status=404)
    issued = found.issued
    today = message.time.astimezone(Zone[facts.need(Agency, issued.agency).zone].info).date()
    by = signing(message.actor, issued, today, facts)
    if facts.get(Revocation, state.decree) or facts.get(Settled, revocation_id(state.decree)):
        raise Refused("ALREADY_REVOKED", decree=state.decree)
    written = [done.right for done in state.corrections if done.part == command.part][-1:]
    if command.right == command.wrong or command.right in written:
        raise Refused("NOTHING_TO_CORRECT", status=422, where="right")
    return [
        DecreeCorrected(
            **issued.model_dump(include={"case", "decree", "person"}),
            **command.model_dump(),
            n=len(state.corrections) + 1,
            corrected_on=today,
            by=by,
        )
    ]


def _evolve(state: Paper, event: Event) -> Paper:
    if not isinstance(event, DecreeCorrected):
        raise TypeError(f"no paper hears {event.TYPE}")
    done = Correction(**event.model_dump(include=set(Correction.model_fields)))
    return state.model_copy(update={"corrections": (*state.corrections, done)})


PAPERS: Decider[Paper] = Decider(
    name="papers",
    state=Paper,
    initial=lambda id: Paper(decree=id),
    decide=_decide,
    evolve=_evolve,
    answer=lambda state: state.model_dump(mode="json"),
)
