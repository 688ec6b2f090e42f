"""Scenarios side by side: workload of each unit before and after (KP1), rows of a table and data of a chart. Pure."""

from collections.abc import Mapping

from services.evaluation.plan.model import WHOLE
from services.evaluation.plan.studio.state import Track
from shared.contracts.scenario import (
    LevelValue,
    UnitStaff,
)
from shared.kernel.decider import Frozen


class Workload(Frozen):
    """A unit: need in hundredths of a person, staff before, and after under each scenario (None: not in it)."""

    unit: str
    need: int
    before: int
    after: Mapping[str, int | None]


class Column(Frozen):
    """A scenario as a whole. The gaps are KP1: sum of |staff - need| over its units, in hundredths of a person."""

    scenario: str
    outcome: str
    solver: str
    moves: int
    gap_before: int
    gap_after: int
    levels: tuple[LevelValue, ...]


class Series(Frozen):
    """One line of bars: a value in persons for each unit of the chart, None where the scenario has it not."""

    name: str
    values: tuple[float | None, ...]


class Chart(Frozen):
    """Bars per unit: the need, the staff before, and after under each scenario."""

    units: tuple[str, ...]
    series: tuple[Series, ...]


class Comparison(Frozen):
    """What a head of personnel compares."""

    scenarios: tuple[Column, ...]
    units: tuple[Workload, ...]
    chart: Chart


def compare(tracks: Mapping[str, Track]) -> Comparison:
    """All scenarios that were computed, in the order of their names."""
    staffing = {name: track.staffing for name, track in sorted(tracks.items()) if track.staffing}
    rows = {row.unit: row for found in staffing.values() for row in found}
    after = {name: {row.unit: row.after for row in found} for name, found in staffing.items()}
    units = tuple(
        Workload(unit=id, need=row.need, before=row.before, after={name: of.get(id) for name, of in after.items()})
        for id, row in sorted(rows.items())
    )
    columns = tuple(_column(name, tracks[name]) for name in staffing)
    return Comparison(scenarios=columns, units=units, chart=_chart(units, tuple(staffing)))


def _column(name: str, track: Track) -> Column:
    return Column(
        scenario=name,
        outcome=track.outcome,
        solver=track.solver,
        moves=track.moves,
        gap_before=sum(_gap(row, row.before) for row in track.staffing),
        gap_after=sum(_gap(row, row.after) for row in track.staffing),
        levels=track.levels,
    )


def _gap(row: UnitStaff, staff: int) -> int:
    return abs(WHOLE * staff - row.need)


def _chart(units: tuple[Workload, ...], names: tuple[str, ...]) -> Chart:
    need = Series(name="need", values=tuple(unit.need / WHOLE for unit in units))
    before = Series(name="before", values=tuple(float(unit.before) for unit in units))
    after = (Series(name=name, values=tuple(_persons(unit.after[name]) for unit in units)) for name in names)
    return Chart(units=tuple(unit.unit for unit in units), series=(need, before, *after))


def _persons(staff: int | None) -> float | None:
    return None if staff is None else float(staff)
