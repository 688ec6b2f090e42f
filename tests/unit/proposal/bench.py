"""A bench for deciders: state and facts by hand, every step through the JSON that is stored."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Generic, TypeVar

from shared.kernel.decider import (
    Actor,
    Decider,
    Event,
    Fact,
    Facts,
    FactsMissing,
    Frozen,
    Message,
    NotYet,
    Refused,
    TimerDue,
)

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 10:00 in Palu (WITA)
S = TypeVar("S", bound=Frozen)


class Bench(Generic[S]):
    """One aggregate with the facts it may read; `said` is everything it ever said."""

    def __init__(self, decider: Decider[S], id: str, facts: Mapping[tuple[type[Fact], str], Fact]) -> None:
        self.decider, self.state, self.id = decider, decider.initial(id), id
        self.facts: dict[tuple[str, str], Fact | None] = {}
        self.said: list[Event] = []
        for (kind, key), fact in facts.items():
            self.facts[kind.KIND, key] = fact

    def tell(self, body: Frozen, actor: Actor | None = None, at: datetime = NOW, sequence: int = 0) -> list[Event]:
        """Decide and evolve. Raises what the decider raises, and then nothing has changed."""
        message = Message(body=body, id="m", time=at, actor=actor, sequence=sequence)
        events = self._decide(message)
        state = self.state
        for event in events:
            reread = type(event).model_validate_json(event.model_dump_json())
            assert reread == event, "an event must survive its own JSON"
            state = self.decider.evolve(state, reread)
        stored = type(state).model_validate_json(state.model_dump_json())
        assert stored == state, "the state must survive its own JSON"
        self.state = stored
        self.said += events
        return events

    def _decide(self, message: Message) -> list[Event]:
        loaded = dict(self.facts)
        while True:
            try:
                return self.decider.decide(self.state, message, Facts(loaded))
            except FactsMissing as missing:
                loaded.update({(kind.KIND, id): None for kind, id in missing.refs})

    def fire(self, at: datetime | None = None, name: str = "") -> list[Event]:
        """Let the only timer come due, or the only one of that name."""
        (timer,) = [timer for timer in self.decider.timers(self.state) if name in ("", timer.name)]
        due = TimerDue(id=timer.id, name=timer.name, at=timer.at)
        events = self.tell(due, at=at or timer.at)
        assert timer.id not in {left.id for left in self.decider.timers(self.state)}, "a timer must settle"
        return events


def outcome(case: Bench[S], body: Frozen, who: Actor | None = None) -> str:
    """What comes of a message: the events it caused ("-" for none), NotYet, or the code of the refusal."""
    try:
        events = case.tell(body, who)
    except Refused as refused:
        return refused.code
    except NotYet:
        return "NotYet"
    return "+".join(event.TYPE.split(".")[2] for event in events) or "-"
