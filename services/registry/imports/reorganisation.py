"""The list of a reorganisation (K8) from a file: every row checked, and everybody of the units who is not on it found.

The list is whole or it is not taken: a decree that forgets somebody of a dissolved unit leaves them without a post.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO

from pydantic import ValidationError

from services.registry.domain.ids import Code, post_id, unit_id
from services.registry.domain.reorganisations import MOST, About, ProposeReorganisation, Seat
from services.registry.domain.texts import rule_of
from services.registry.imports.formats import open_file
from services.registry.imports.report import Finding, finding
from services.registry.imports.rows import Nip
from services.registry.imports.table import Cells, Unreadable
from services.registry.shelves import Shelves, Sitting
from shared.contracts.registry import Placement
from shared.kernel.decider import Frozen
from shared.kernel.nip import mask

COLUMNS = {"nip": True, "post": True}


class ListRow(Frozen):
    """Who gets which post of the agency; the unit is that of the post."""

    nip: Nip
    post: Code


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong or doubtful, who is missing, and the list where nothing stands against it."""

    rows: int
    findings: tuple[Finding, ...]
    missing: tuple[Mapping[str, str], ...]
    proposal: ProposeReorganisation | None

    def answer(self) -> dict[str, Any]:
        """As JSON; people are named by what an office may see anyway."""
        found = [one.model_dump() for one in sorted(self.findings, key=lambda one: one.row)]
        whole = self.proposal is not None
        return {"rows": self.rows, "findings": found, "missing": [dict(one) for one in self.missing], "whole": whole}


async def checked(file: BinaryIO, about: About, shelves: Shelves, today: date) -> Checked:
    """Read and check the list of this reorganisation; nothing is written."""
    rows, findings = _read(file)
    units = frozenset(unit_id(about.agency, code) for code in about.units)
    ids = await shelves.persons({row.nip for _, row in rows})
    people = await shelves.sitting(ids.values(), units)
    known = await shelves.known("posts", {post_id(about.agency, row.post) for _, row in rows})
    seats = _Seats(about, units, ids, people, known)
    findings += [found for number, row in rows for found in seats.against(number, row)]
    findings += list(seats.repeated(rows))
    findings += _of_list(about, rows, today, await shelves.known("units", units))
    named = set(ids.values())
    missing = tuple(_missing(people[id]) for id in sorted(people) if people[id].unit in units and id not in named)
    findings += [_forgotten(f"{one['nip']} {one['name']}".strip()) for one in missing]
    if any(found.severity == "refused" for found in findings):
        return Checked(len(rows), tuple(findings), missing, None)
    wanted = tuple(seats.seat(row) for _, row in rows)
    proposal = ProposeReorganisation.model_validate({**about.model_dump(), "seats": wanted})
    return Checked(len(rows), tuple(findings), missing, proposal)


def _read(file: BinaryIO) -> tuple[list[tuple[int, ListRow]], list[Finding]]:
    try:
        doubts, lines = open_file(file, COLUMNS, "reorganisation")
    except Unreadable as unreadable:
        return [], list(unreadable.findings)
    rows, findings = list[tuple[int, ListRow]](), list(doubts)
    for line in lines:
        if isinstance(line, Finding):
            findings.append(line)
            continue
        try:
            rows.append((line[0], ListRow.model_validate({k: v for k, v in line[1].items() if v})))
        except ValidationError as error:
            findings += _wrong(line[0], line[1], error)
    return rows, findings


def _wrong(number: int, cells: Cells, error: ValidationError) -> Iterator[Finding]:
    for detail in error.errors():
        column = str(detail["loc"][0])
        yield finding(number, rule_of(detail["type"]), column, cells.get(column, ""), values=detail.get("ctx", {}))


def _of_list(
    about: About, rows: Collection[tuple[int, ListRow]], today: date, units: Collection[str]
) -> Iterator[Finding]:
    """What is wrong with the list as a whole."""
    if not 1 <= len(rows) <= MOST:
        yield finding(0, "LIST_LENGTH", values={"most": MOST, "rows": len(rows)})
    if about.dated > today:
        yield finding(0, "DATE_IN_FUTURE", "dated", about.dated.isoformat())
    for code in about.units:
        if unit_id(about.agency, code) not in units:
            yield finding(0, "UNKNOWN_UNIT", "unit", code)


def _forgotten(who: str) -> Finding:
    return finding(0, "MISSING_PERSON", "nip", who, values={"cell": who})


def _missing(one: Sitting) -> Mapping[str, str]:
    return {"person": one.person, "nip": mask(one.nip), "name": one.name, "unit": one.unit, "post": one.post}


@dataclass(frozen=True, slots=True)
class _Seats:
    """What the rows refer to, as far as it is known."""

    about: About
    units: frozenset[str]
    ids: Mapping[str, str]
    people: Mapping[str, Sitting]
    posts: Mapping[str, str]

    def against(self, number: int, row: ListRow) -> Iterator[Finding]:
        """What stands against a row."""
        sits = self.people.get(self.ids.get(row.nip, ""))
        post = post_id(self.about.agency, row.post)
        if sits is None:
            yield finding(number, "UNKNOWN_PERSON", "nip", mask(row.nip))
        elif sits.status != "active":
            yield finding(number, "PERSON_NOT_ACTIVE", "nip", mask(row.nip))
        elif sits.unit not in self.units:
            yield finding(number, "NOT_OF_THESE_UNITS", "nip", mask(row.nip))
        elif sits.post == post:
            yield finding(number, "SAME_POST", "post", row.post)
        if post not in self.posts:
            yield finding(number, "UNKNOWN_POST", "post", row.post)

    @staticmethod
    def repeated(rows: Collection[tuple[int, ListRow]]) -> Iterator[Finding]:
        """Who stands there twice."""
        counted, first = Counter(row.nip for _, row in rows), dict[str, int]()
        for number, row in rows:
            if counted[row.nip] > 1 and first.setdefault(row.nip, number) != number:
                yield finding(number, "REPEATED_ROW", "nip", mask(row.nip), values={"first": first[row.nip]})

    def seat(self, row: ListRow) -> Seat:
        """From where to where; only asked of a row that nothing stands against."""
        sits, post = self.people[self.ids[row.nip]], post_id(self.about.agency, row.post)
        origin = Placement(agency=sits.agency, unit=sits.unit, post=sits.post)
        target = Placement(agency=self.about.agency, unit=self.posts[post], post=post)
        return Seat(person=sits.person, origin=origin, target=target)
