"""A process whose consumer is stuck for good ends, so that its supervisor starts another."""

import pytest

from shared.host.app import Stuck, watch


class Consumer:
    """Well for so many looks."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    @property
    def healthy(self) -> bool:
        """Counts down."""
        self.looks -= 1
        return self.looks >= 0


async def test_one_that_is_ill_ends_the_process_and_not_before() -> None:
    well, ill = Consumer(9), Consumer(3)
    with pytest.raises(Stuck):
        await watch([well, ill], every=0.0)
    assert well.looks == 9 - 4
