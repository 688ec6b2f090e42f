"""A list of people (daftar nama) decided about as one: a reorganisation (K8), the letter of an emergency (K9). Pure."""

from services.approval.domain.facts import Agency
from services.approval.domain.state import Case, evolve
from services.approval.domain.together import queued
from services.approval.domain.turn import Turn
from shared.contracts.approval import CaseOpened
from shared.contracts.assignments import AssignmentOrdered
from shared.contracts.registry import Placement
from shared.contracts.reorganisations import ReorganisationProposed
from shared.kernel.decider import Event


def emergency(turn: Turn, event: AssignmentOrdered) -> list[Event]:
    """Ask heads and authority after the fact. Everybody on the letter is a party to it (I9)."""
    places = [Placement(agency=one.agency, unit=one.unit, post="") for one in (event.origin, event.target)]
    return opened(turn, "emergency", places[0], places[1], event.people)


def reorganisation(turn: Turn, event: ReorganisationProposed) -> list[Event]:
    """Ask those whom the chain of reorganisations names about the whole list."""
    place = Placement(agency=event.agency, unit="", post="")
    return opened(turn, "reorganisation", place, place, tuple(move.person for move in event.moves))


def opened(turn: Turn, roster: str, origin: Placement, target: Placement, people: tuple[str, ...]) -> list[Event]:
    """The chain of such a list, with its first tasks; one that began already says nothing. Raises NotYet."""
    state: Case = turn.state
    if state.status != "new":
        return []
    turn.facts.want((Agency, origin.agency), (Agency, target.agency))
    zone = turn.zone(origin.agency)
    chain = turn.chains.on(roster, turn.today(zone))
    agencies = {code: turn.facts.need(Agency, code) for code in (origin.agency, target.agency)}
    begun = CaseOpened.model_validate(
        {
            "case": state.case,
            "attempt": 1,
            "person": "",
            "partners": people,
            "roster": roster,
            "chain": chain.id,
            "version": chain.version,
            "stages": tuple(stage.id for stage in chain.stages),
            "zone": zone.name,
            "origin": origin,
            "target": target,
            "plan": chain.plan(origin, target, agencies),
        }
    )
    return [begun, *queued(turn, evolve(state, begun), 1)]
