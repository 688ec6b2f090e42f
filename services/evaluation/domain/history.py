"""An evaluation made again from what is stored: is it the very same, and how did it stand by then? Pure."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from services.evaluation.domain.judge import Books, findings, replay, restored
from services.evaluation.domain.ruleset import digest
from shared.contracts.evaluation import EvaluationCompleted, EvaluationConfirmed, EvaluationOverturned
from shared.kernel.decider import Event


class Told(NamedTuple):
    """An event with the moment it was said (UTC, as text)."""

    at: str
    event: Event


class Repeated(NamedTuple):
    """The last attempt's evaluation by then, repeated. `event` is what the engine says now of what was stored; where it
    was overturned by then, with the findings and facts of that."""

    event: EvaluationCompleted
    said_at: str
    standing: Literal["completed", "confirmed", "overturned"]
    identical: bool


def repeated(told: Sequence[Told], books: Books) -> Repeated | None:
    """Repeat the last of these evaluations, oldest first; None if there is none. Raises as `judge.restored` does."""
    found: Repeated | None = None
    for at, event in told:
        match event:
            case EvaluationCompleted():
                again = replay(event, books)
                found = Repeated(again, at, "completed", again.model_dump_json() == event.model_dump_json())
            case EvaluationConfirmed() if found:
                same = digest(event.facts) == event.snapshot
                found = found._replace(standing="confirmed", identical=found.identical and same)
            case EvaluationOverturned() if found:
                found = _overturned(found, event, at, books)
    return found


def _overturned(found: Repeated, event: EvaluationOverturned, at: str, books: Books) -> Repeated:
    again = findings(restored(event.facts, books))
    same = again == event.findings and digest(event.facts) == event.snapshot
    changes = {"findings": again, "eligible": False, "facts": event.facts, "snapshot": event.snapshot}
    return Repeated(found.event.model_copy(update=changes), at, "overturned", found.identical and same)
