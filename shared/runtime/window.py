"""Which messages of a source an aggregate has taken: a replay window as in RFC 4303, never a maximum."""

from dataclasses import dataclass, field
from typing import Any

SIZE = 64


@dataclass(slots=True)
class Window:
    """Sequences above `floor` that were processed. What lies below the floor (itself processed) is too old to tell."""

    floor: int = 0
    seen: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, raw: dict[str, Any]) -> "Window":
        """From its stored form."""
        return cls(raw["floor"], list(raw["seen"]))

    def raw(self, source: str) -> dict[str, Any]:
        """Its stored form."""
        return {"source": source, "floor": self.floor, "seen": self.seen}

    def has(self, sequence: int) -> bool:
        """True if this one was processed."""
        return sequence in self.seen or sequence == self.floor

    def too_old(self, sequence: int) -> bool:
        """True if nobody can say any more whether it was processed."""
        return sequence < self.floor

    def add(self, sequence: int) -> None:
        """It was processed. The window keeps the newest `SIZE`."""
        self.seen.append(sequence)
        if len(self.seen) > SIZE:
            self.seen.sort()
            self.floor = self.seen.pop(0)
