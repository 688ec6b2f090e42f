"""The table of checks: the names that a rule may use, with their parameters and the values they tell."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from services.evaluation.domain import entry, fit, moving, predicates
from services.evaluation.domain.facts import Seen

P = TypeVar("P", bound=predicates.Params)


@dataclass(frozen=True, slots=True)
class Check(Generic[P]):
    """A predicate with its parameters' model and the values it tells whenever it says met or not met."""

    params: type[P]
    run: Callable[[Seen, P], predicates.Verdict]
    values: frozenset[str] = frozenset()

    def __call__(self, seen: Seen, raw: Mapping[str, object]) -> predicates.Verdict:
        """Run it with the rule's parameters. Raises pydantic.ValidationError for wrong ones."""
        return self.prepared(raw)(seen)

    def prepared(self, raw: Mapping[str, object]) -> Callable[[Seen], predicates.Verdict]:
        """The check with its parameters read, for many looks. Raises pydantic.ValidationError for wrong ones."""
        params = self.params.model_validate(raw)
        return lambda seen: self.run(seen, params)


_HAS = frozenset({"has", "required"})
_TENURE = frozenset({"since", "months", "required"})

CHECKS: Mapping[str, Check[Any]] = {
    "tenure_in_post": Check(
        predicates.Months,
        predicates.tenure_in_post,
        frozenset({"since", "on", "months", "required", "complete_on"}),
    ),
    "declared_no": Check(predicates.Declared, predicates.declared_no),
    "performance_good": Check(predicates.RatedYears, predicates.performance_good, frozenset({"years", "found"})),
    "no_relative_in_office": Check(
        predicates.Offices, predicates.no_relative_in_office, frozenset({"relatives", "offices"})
    ),
    "education_level": Check(predicates.Nothing, fit.education_level, _HAS),
    "education_field": Check(predicates.Nothing, fit.education_field, _HAS),
    "rank_range": Check(predicates.Nothing, fit.rank_range, frozenset({"has", "lowest", "highest"})),
    "job_person_match": Check(fit.Percent, fit.job_person_match, frozenset({"jpm", "required", "gaps"})),
    "experience_years": Check(predicates.Nothing, fit.experience_years, _HAS),
    "before_retirement": Check(
        predicates.Retirement,
        predicates.before_retirement,
        frozenset({"on", "retires_on", "retires_there", "required"}),
    ),
    "kind_of_move": Check(moving.Kinds, moving.kind_of_move, _HAS),
    "outside_elections": Check(moving.Elections, moving.outside_elections, frozenset({"on", "from", "to"})),
    "commitment_over": Check(moving.Initiatives, moving.commitment_over, frozenset({"on", "until"})),
    "tenure_at_most": Check(predicates.Months, moving.tenure_at_most, _TENURE),
    "tenure_by_kind": Check(moving.MonthsByKind, moving.tenure_by_kind, _TENURE),
    "no_step_down": Check(predicates.Nothing, moving.no_step_down, _HAS),
    "step_up": Check(entry.Steps, entry.step_up, _HAS),
    "functional_entry": Check(entry.FunctionalEntry, entry.functional_entry, _HAS),
    "age_at_most": Check(entry.HighestAge, entry.age_at_most, _HAS),
    "grade_at_most": Check(entry.HighestGrade, entry.grade_at_most, _HAS),
    "talent_pool": Check(entry.Pool, entry.talent_pool, _HAS),
    "single_gaps": Check(entry.Gap, entry.single_gaps, frozenset({"gaps", "required"})),
    "employment_kind": Check(predicates.Allowed, predicates.employment_kind, _HAS),
    "legal_status": Check(predicates.Allowed, predicates.legal_status, _HAS),
    "within_contract": Check(predicates.Contract, predicates.within_contract, _HAS),
}
