"""What a person answers to the group they move with: ready or not, and then the move or its refusal. Pure."""

from services.registry.domain.moves import Move, hindrance, moved, refused
from services.registry.domain.offices import left
from services.registry.domain.person import Changes, Person
from shared.contracts.moves import EmployeeMoveReady, GroupMoveAsked, GroupMoveOrdered, GroupMoveRefused
from shared.kernel.decider import Event, Facts, NotYet

AMENDED, PARTNER, REVOKED = "TMT_CHANGED", "MITRA_MUNDUR", "DECREE_REVOKED"


def told(state: Person, event: GroupMoveAsked | GroupMoveOrdered | GroupMoveRefused, facts: Facts) -> list[Event]:
    """Answer the group. Raises NotYet while the own paper has not come."""
    mine = next((member for member in event.members if member.person == state.person), None)
    if mine is None or mine.decree in state.settled:
        return []
    move = next((move for move in state.moves if move.decree == mine.decree), None)
    if move is None or state.profile is None:
        raise NotYet(f"decree/{mine.decree}")
    match event:
        case GroupMoveAsked():
            return [] if move.ready else [_answer(state, move, event, facts)]
        case GroupMoveOrdered():
            done = moved(state.person, state.profile, move, facts)
            return [done, *left(done, state.offices)]
    # What is wrong with one of them is not for the others to read.
    return [refused(state.person, move, event.code if event.code == REVOKED else PARTNER)]


def _answer(state: Person, move: Move, event: GroupMoveAsked, facts: Facts) -> Event:
    if state.profile is None:
        raise NotYet(f"person/{state.person}")
    code = AMENDED if move.effective_on != event.effective_on else ""
    code = code or hindrance(state.profile, move, state.moves, facts, freed=_freed(move, event))
    if code:
        return refused(state.person, move, code)
    return EmployeeMoveReady(person=state.person, group=event.group, decree=move.decree)


def _freed(move: Move, event: GroupMoveAsked) -> int:
    """Seats of the post that the group leaves, less those it takes besides this one."""
    leaving = sum(member.origin.post == move.target.post for member in event.members)
    coming = sum(member.target.post == move.target.post for member in event.members)
    return leaving - (coming - 1)


def ready(state: Person, decree: str) -> Changes:
    """The seat is let go of, so that the partner's write does not meet one's own on the unique index."""
    moves = tuple(move.model_copy(update={"ready": True}) if move.decree == decree else move for move in state.moves)
    return {"moves": moves, "sole_seat": ""}
