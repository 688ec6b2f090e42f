"""What a row must find in the registry, and where a NIP disagrees with its row (a warning: D01)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from services.registry.domain.ids import SYSTEM, post_id, unit_id
from services.registry.imports.demand import VacancyChangeRow
from services.registry.imports.papers import CaseRow
from services.registry.imports.report import Finding, finding
from services.registry.imports.rows import AccountRow, OfficeRow, PersonRow, PostRow, Row, UnitRow
from shared.kernel.nip import BadNip, Kind, Sex, mask, parse

Numbered = tuple[int, Row]
_SEXES = {"M": Sex.MALE, "F": Sex.FEMALE}


class Known(Protocol):
    """What the registry's own documents know."""

    async def known(self, kind: str, ids: Collection[str]) -> Mapping[str, str]:
        """Registered agencies, units, posts, or published vacancies among the ids; a post with the id of its unit."""

    async def persons(self, nips: Collection[str]) -> Mapping[str, str]:
        """Person ids by NIP."""


@dataclass(slots=True)
class References:
    """What some rows refer to, as far as it is known."""

    agencies: Collection[str] = ()
    units: set[str] = field(default_factory=set)
    posts: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, str] = field(default_factory=dict)
    vacancies: Collection[str] = ()


async def references(rows: Collection[Numbered], known: Known, written: Collection[str]) -> References:
    """One look-up per kind for all these rows; `written` are ids from earlier rows of the file."""
    agencies = {getattr(row, "agency", "") for _, row in rows}
    units = {id for _, row in rows for id in _units(row)}
    posts = {post_id(row.agency, row.post) for _, row in rows if isinstance(row, PersonRow)}
    posts |= {id for _, row in rows for id in row.posts()}
    nips = {nip for _, row in rows for nip in _nips(row)}
    offers = {row.offer() for _, row in rows if isinstance(row, CaseRow)}
    offers |= {row.target({}) for _, row in rows if isinstance(row, VacancyChangeRow)}
    return References(
        agencies=await known.known("agencies", agencies),
        units={*(await known.known("units", units) if units else ()), *written},
        posts=await known.known("posts", posts) if posts else {},
        people=await known.persons(nips) if nips else {},
        vacancies=await known.known("vacancies", offers) if offers else (),
    )


def _units(row: Row) -> Iterator[str]:
    match row:
        case UnitRow(agency=agency, parent=str(code)):
            yield unit_id(agency, code)
        case PostRow() | PersonRow() | OfficeRow(unit=str()):
            yield unit_id(row.agency, row.unit or "")
        case _:
            yield from row.units()


def _nips(row: Row) -> Iterator[str]:
    match row:
        case PersonRow():
            yield from filter(None, (row.nip, row.former_nip, *row.relatives))
        case OfficeRow() | AccountRow():
            yield row.nip
        case CaseRow():
            yield from (nip for _, nip in row.nips())


def faults(number: int, row: Row, refs: References, today: date) -> Iterator[Finding]:
    """Everything a row refers to that is not there, and what is doubtful about its NIP."""
    agency = getattr(row, "agency", "")
    if row.DECIDER.name != "agencies" and agency not in refs.agencies:
        yield finding(number, "UNKNOWN_AGENCY", "agency", agency)
        return
    for id in _units(row):
        if id not in refs.units:
            code = id.rsplit(":", 1)[-1]
            yield finding(number, "UNKNOWN_UNIT", "parent" if isinstance(row, UnitRow) else "unit", code)
    for id in row.posts():
        if id not in refs.posts:
            yield finding(number, "UNKNOWN_POST", "post", id.rsplit(":", 1)[-1])
    yield from _of_its_kind(number, row, refs, today)


def _of_its_kind(number: int, row: Row, refs: References, today: date) -> Iterator[Finding]:
    match row:
        case PersonRow():
            yield from _person(number, row, refs, today)
        case CaseRow():
            yield from _case(number, row, refs, today)
        case VacancyChangeRow():
            if row.target({}) not in refs.vacancies:
                yield finding(number, "UNKNOWN_VACANCY", "reference", row.reference)
            yield from row.faults(number)
        case OfficeRow() | AccountRow() if row.nip != SYSTEM and row.nip not in refs.people:
            yield finding(number, "UNKNOWN_PERSON", "nip", mask(row.nip))


def _person(number: int, row: PersonRow, refs: References, today: date) -> Iterator[Finding]:
    unit = refs.posts.get(post_id(row.agency, row.post))
    if unit is None:
        yield finding(number, "UNKNOWN_POST", "post", row.post)
    elif unit != unit_id(row.agency, row.unit):
        yield finding(number, "WRONG_UNIT", "unit", row.unit)
    if row.post_since > today:
        yield finding(number, "DATE_IN_FUTURE", "post_since", row.post_since.isoformat())
    if row.birth_date >= row.post_since:
        yield finding(number, "BAD_ORDER_OF_DATES", "birth_date", row.birth_date.isoformat())
    if row.former_nip and not {row.nip, row.former_nip} & refs.people.keys():
        yield finding(number, "UNKNOWN_PERSON", "former_nip", mask(row.former_nip))
    yield from _doubts(number, row, today)


def _case(number: int, row: CaseRow, refs: References, today: date) -> Iterator[Finding]:
    for column, nip in row.nips():
        if nip not in refs.people:
            yield finding(number, "UNKNOWN_PERSON", column, mask(nip))
    if row.offer() not in refs.vacancies:
        yield finding(number, "UNKNOWN_VACANCY", "vacancy", row.vacancy)
    yield from row.faults(number, today)


def _doubts(number: int, row: PersonRow, today: date) -> Iterator[Finding]:
    shown = mask(row.nip)
    try:
        nip = parse(row.nip, today)
    except BadNip as bad:
        yield finding(number, "NIP_DOUBTFUL", "nip", shown, warning=True, values={"why": bad.detail})
        return
    if nip.birth != row.birth_date:
        yield finding(number, "NIP_BIRTH_DIFFERS", "birth_date", shown, warning=True)
    if nip.sex is not _SEXES[row.sex]:
        yield finding(number, "NIP_SEX_DIFFERS", "sex", row.sex, warning=True)
    if (nip.kind is Kind.PPPK) != (row.employment == "PPPK"):
        yield finding(number, "NIP_KIND_DIFFERS", "employment", row.employment, warning=True)
