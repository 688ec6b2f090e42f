"""Does work move: what liveness and readiness are answered from."""

import time
from collections.abc import Callable, Mapping

PATIENCE = 30.0  # seconds that waiting work may stand still


class Progress:
    """Parts of the process stamp here whenever something moved, and say how much still waits.

    A ping says that the event loop runs, this says that messages do. `needs` must be up before it is ready.
    """

    def __init__(self, *needs: str, patience: float = PATIENCE, clock: Callable[[], float] = time.monotonic) -> None:
        self.missing, self._patience, self._clock = set(needs), patience, clock
        self._parts: dict[str, tuple[int, float]] = {}

    def wait(self, part: str, waiting: int = 1) -> None:
        """Work arrived; patience runs from here if the part was idle."""
        before, since = self._parts.get(part, (0, 0.0))
        self._parts[part] = waiting, since if before else self._clock()

    def stamp(self, part: str, waiting: int = 0) -> None:
        """Something moved, and so much still waits."""
        self._parts[part] = waiting, self._clock()

    def up(self, part: str) -> None:
        """This needed part works."""
        self.missing.discard(part)

    def down(self, part: str) -> None:
        """This needed part does not work (any more)."""
        self.missing.add(part)

    @property
    def stuck(self) -> list[str]:
        """Parts where work waits and nothing moved for too long."""
        late = self._clock() - self._patience
        return sorted(part for part, (waiting, since) in self._parts.items() if waiting and since < late)

    @property
    def waiting(self) -> Mapping[str, int]:
        """How much waits, by part."""
        return {part: waiting for part, (waiting, _) in self._parts.items()}
