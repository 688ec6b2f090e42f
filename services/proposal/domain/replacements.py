"""Who was refused because their unit could spare nobody: when somebody comes there, the first of them is told. Pure.

A register of a unit: it hears many cases and everybody who comes. One who comes makes room for one who may leave, in
the order in which they were refused; whether they still want to, and still may, their new application shows.
"""

from shared.contracts.proposal import ProposalRefused, ReapplyOffered, ReplacementAwaited
from shared.contracts.registry import EmployeeMoved
from shared.kernel.decider import Decider, Event, Facts, Frozen, Message

PREFIX = "spare:"


class Waiting(Frozen):
    """A refused case and whose it was."""

    case: str
    person: str
    vacancy: str = ""


class Spare(Frozen):
    """A unit: who waits, in their order, which cases were told, and which decrees made room for them."""

    unit: str
    waiting: tuple[Waiting, ...] = ()
    offered: tuple[str, ...] = ()
    decrees: tuple[str, ...] = ()


def spare_of(unit: str) -> str:
    """Id of the register of a unit."""
    return f"{PREFIX}{unit}"


def _decide(state: Spare, message: Message, _facts: Facts) -> list[Event]:
    match message.body:
        case ProposalRefused() as event:
            known = event.case in state.offered or any(one.case == event.case for one in state.waiting)
            about = event.model_dump(include={"case", "person", "vacancy"})
            return [] if known else [ReplacementAwaited(unit=state.unit, **about)]
        case EmployeeMoved() as event:
            waits = [one for one in state.waiting if one.person != event.person]
            if not waits or event.decree in state.decrees:
                return []
            return [ReapplyOffered(unit=state.unit, decree=event.decree, **waits[0].model_dump())]
    return []


def _evolve(state: Spare, event: Event) -> Spare:
    match event:
        case ReplacementAwaited():
            waiting = (*state.waiting, Waiting.model_validate(event.model_dump()))
            return state.model_copy(update={"waiting": waiting})
        case ReapplyOffered():
            left = tuple(one for one in state.waiting if one.case != event.case)
            told = {"offered": (*state.offered, event.case), "decrees": (*state.decrees, event.decree)}
            return state.model_copy(update={**told, "waiting": left})
    raise TypeError(f"no unit hears {event.TYPE}")


def make_spares() -> Decider[Spare]:
    """The decider of the units' registers."""
    return Decider(
        name="spares",
        state=Spare,
        initial=lambda id: Spare(unit=id.removeprefix(PREFIX)),
        decide=_decide,
        evolve=_evolve,
        register=True,  # everybody who comes is a source of their own
    )
