"""The kinds of file, in the order in which they build on each other."""

from collections.abc import Mapping

from services.registry.imports.demand import (
    DisasterRow,
    ServiceRow,
    SurveyRow,
    VacancyChangeRow,
    VacancyRow,
    WorkloadRow,
)
from services.registry.imports.papers import CaseRow
from services.registry.imports.rows import AccountRow, AgencyRow, OfficeRow, PersonRow, PostRow, Row, UnitRow

KINDS: Mapping[str, type[Row]] = {
    "agencies": AgencyRow,
    "units": UnitRow,
    "posts": PostRow,
    "people": PersonRow,
    "offices": OfficeRow,
    "accounts": AccountRow,
    "workloads": WorkloadRow,
    "services": ServiceRow,
    "surveys": SurveyRow,
    "disasters": DisasterRow,
    "vacancies": VacancyRow,
    "cases": CaseRow,
    "vacancy-changes": VacancyChangeRow,
}
ORDER = tuple(KINDS)


def columns(kind: str) -> Mapping[str, bool]:
    """The columns of a kind of file, and whether each is required."""
    return {name: field.is_required() for name, field in KINDS[kind].model_fields.items()}
