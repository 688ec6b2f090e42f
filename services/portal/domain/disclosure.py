"""Counts of people that everybody may read: small ones are not shown, and nobody can work them out. Pure.

Primary and complementary cell suppression of a table with one total (Hundepool et al., Statistical Disclosure Control,
2012, ch. 4). Who reads it knows the total, that a hidden cell is at least one, and these rules.
"""

from collections.abc import Mapping

from shared.kernel.decider import Frozen

LEAST = 5
"""A smaller group is not shown (setting of the project; the statistical offices' usual threshold is 3 to 10)."""


class Column(Frozen):
    """Cells by name, None where hidden; the total, None where it would tell a hidden cell."""

    cells: Mapping[str, int | None]
    total: int | None


def column(counts: Mapping[str, int], least: int = LEAST) -> Column:
    """What is shown of these counts. Hidden cells can each have at least `least` values for all that a reader knows."""
    hidden = {name for name, count in counts.items() if 0 < count < least}
    others = sorted((count, name) for name, count in counts.items() if count >= least)
    while hidden and others and not _safe([counts[name] for name in hidden], least):
        hidden.add(others.pop(0)[1])
    cells = {name: None if name in hidden else count for name, count in counts.items()}
    told = not hidden or _safe([counts[name] for name in hidden], least)
    return Column(cells=cells, total=sum(counts.values()) if told else None)


def _safe(hidden: list[int], least: int) -> bool:
    """Several cells share what the total leaves for them, and it leaves room: each is 1 to the rest less the others."""
    return len(hidden) > 1 and sum(hidden) - len(hidden) >= least - 1
