"""Nobody works out a count that is not shown."""

from hypothesis import given
from hypothesis import strategies as st

from services.portal.domain.disclosure import LEAST, column


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 40), max_size=8))
def test_a_hidden_cell_has_many_values_for_all_that_a_reader_knows(counts: dict[str, int]) -> None:
    shown = column(counts)
    hidden = [name for name, count in shown.cells.items() if count is None]
    assert all(name in hidden for name, count in counts.items() if 0 < count < LEAST)
    assert all(shown.cells[name] == counts[name] for name in counts if name not in hidden)
    if shown.total is not None and hidden:
        rest = shown.total - sum(count for count in shown.cells.values() if count is not None)
        # A hidden cell is 1 at least, and leaves 1 at least to each of the others.
        values = range(1, rest - (len(hidden) - 1) + 1) if len(hidden) > 1 else range(rest, rest + 1)
        assert len(values) >= LEAST


def test_by_hand() -> None:
    assert column({"a": 3, "b": 9, "c": 20, "d": 0}).model_dump() == {
        "cells": {"a": None, "b": None, "c": 20, "d": 0},
        "total": 32,
    }
    assert column({"a": 1, "b": 1, "c": 30}).cells == {"a": None, "b": None, "c": None}
    assert column({"a": 3, "b": 0}).model_dump() == {"cells": {"a": None, "b": 0}, "total": None}
    assert column({"a": 5, "b": 6}).model_dump() == {"cells": {"a": 5, "b": 6}, "total": 11}
    assert column({}).total == 0
