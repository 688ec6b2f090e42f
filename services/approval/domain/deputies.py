"""Register of the rights to act for others (pengganti): one aggregate per person who stands in. Pure.

It is kept with the substitute and not with the absent holder, so that one fact says all a person may act for.
"""

from datetime import date, timedelta
from functools import partial
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.approval.domain.chain import BadChains, Cited, Word, sentences
from services.approval.domain.commands import Appoint, EndMandate
from services.approval.domain.facts import Agency, Employee, Holder
from shared.contracts.tasks import Mandate, SubstituteAppointed, SubstituteEnded
from shared.kernel.calendar import Zone
from shared.kernel.decider import Actor, Decider, Event, Facts, Frozen, Message, Refused

PREFIX = "deputy:"
MANDATES = 100


class Limit(Cited):
    """How many calendar days a right to act lasts at most."""

    days: Annotated[int, Field(ge=1, le=366)]


class Appointer(Cited):
    """An office that may let somebody act for another of its agency (unplanned: the holder cannot do it)."""

    office: Word


class Substitution(BaseModel):
    """The settings of chains/substitution.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    longest: Limit
    appointers: tuple[Appointer, ...]


def parse_substitution(name: str, content: object) -> Substitution:
    """Settings from parsed YAML. Raises BadChains."""
    try:
        return Substitution.model_validate(content)
    except ValidationError as error:
        raise BadChains(tuple(sentences(name, content, error))) from None


class Deputies(Frozen):
    """All rights of one person; `count` makes the next id."""

    substitute: str
    count: int = 0
    mandates: tuple[Mandate, ...] = ()


def deputy_id(person: str) -> str:
    """Id of the register of a person."""
    return f"{PREFIX}{person}"


def make_deputies(settings: Substitution) -> Decider[Deputies]:
    """The decider of the rights to act under these settings."""
    return Decider(
        name="deputies",
        state=Deputies,
        initial=lambda id: Deputies(substitute=id.removeprefix(PREFIX)),
        decide=partial(_decide, settings),
        evolve=_evolve,
        answer=lambda state: state.model_dump(mode="json"),
    )


def _decide(settings: Substitution, state: Deputies, message: Message, facts: Facts) -> list[Event]:
    match message.body:
        case Appoint() as command:
            return _appoint(settings, state, message, facts, command)
        case EndMandate() as command:
            return _end(settings, state, message, facts, command)
    return []


def _appoint(settings: Substitution, state: Deputies, message: Message, facts: Facts, command: Appoint) -> list[Event]:
    """By the holder for a planned absence, else by an appointing office. Raises Refused: see each check."""
    actor, today = _actor(message), _today(message, facts, command.agency)
    facts.need(Employee, state.substitute)
    if state.substitute == command.absent:
        raise Refused("SUBSTITUTE_IS_ABSENT", status=422, where="absent")
    planned = actor.person == command.absent
    if not planned:
        _appointing(settings, actor, today, command.agency, state.substitute)
    _period(settings, command, today)
    _held(facts, command, max(command.since, today))
    kept = tuple(mandate for mandate in state.mandates if mandate.until > today)
    if len(kept) >= MANDATES:
        raise Refused("SUBSTITUTE_FULL", limit=MANDATES)
    mandate = Mandate.model_validate({**command.model_dump(), "id": str(state.count + 1), "planned": planned})
    told = {"substitute": state.substitute, "mandate": mandate, "mandates": (*kept, mandate), "by": actor.person}
    return [SubstituteAppointed.model_validate(told)]


def _end(settings: Substitution, state: Deputies, message: Message, facts: Facts, command: EndMandate) -> list[Event]:
    """By the substitute, the absent holder, or an appointing office."""
    actor = _actor(message)
    mandate = next((mandate for mandate in state.mandates if mandate.id == command.mandate), None)
    if mandate is None:
        raise Refused("MANDATE_UNKNOWN", status=404)
    if actor.person not in (state.substitute, mandate.absent):
        _appointing(settings, actor, _today(message, facts, mandate.agency), mandate.agency, "")
    kept = tuple(other for other in state.mandates if other.id != mandate.id)
    told = {"substitute": state.substitute, "mandate": mandate, "mandates": kept, "by": actor.person}
    return [SubstituteEnded.model_validate(told)]


def _actor(message: Message) -> Actor:
    if message.actor is None or not message.actor.person:
        raise Refused("ACCOUNT_NOT_LINKED", status=403)
    return message.actor


def _today(message: Message, facts: Facts, agency: str) -> date:
    return message.time.astimezone(Zone[facts.need(Agency, agency).zone].info).date()


def _appointing(settings: Substitution, actor: Actor, today: date, agency: str, substitute: str) -> None:
    """Nobody appoints themselves. Raises Refused APPOINTER_NEEDED, SELF_APPOINTED."""
    offices = [appointer.office for appointer in settings.appointers]
    if not any(actor.holds(office, today, agency) for office in offices):
        raise Refused("APPOINTER_NEEDED", status=403, offices=offices)
    if actor.person == substitute:
        raise Refused("SELF_APPOINTED", status=403)


def _period(settings: Substitution, command: Appoint, today: date) -> None:
    """Raises Refused BAD_PERIOD: empty, past, or too long."""
    longest = timedelta(days=settings.longest.days)
    if not today < command.until or not timedelta() < command.until - command.since <= longest:
        raise Refused("BAD_PERIOD", status=422, where="until", days=longest.days)


def _held(facts: Facts, command: Appoint, on: date) -> None:
    """The right rests on the absent holder's own office. Raises Refused NOT_THEIR_OFFICE."""
    holder = facts.get(Holder, command.absent)
    if holder is None or not holder.holds(command.office, on, command.agency, command.unit):
        raise Refused("NOT_THEIR_OFFICE", where="office", office=command.office)


def _evolve(state: Deputies, event: Event) -> Deputies:
    match event:
        case SubstituteEnded():
            return state.model_copy(update={"mandates": event.mandates})
        case SubstituteAppointed():
            return state.model_copy(update={"mandates": event.mandates, "count": state.count + 1})
    raise TypeError(f"no register of substitutes hears {event.TYPE}")
