"""The reading of rules: parsed YAML in, a rule set or every fault in words a lawyer can act on out. Pure."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from services.evaluation.domain.checks import CHECKS
from services.evaluation.domain.ruleset import BadRules, Dated, Procedure, Rule, Ruleset, Scoring

_DAY = timedelta(days=1)


def parse(files: Mapping[str, object], weights: object, procedures: object = ()) -> Ruleset:
    """Read the rules: name of each file -> its YAML, the weights, the procedures. Raises BadRules with all faults."""
    problems: list[str] = []
    rules: dict[str, Rule] = {}
    for name, raw in sorted(files.items()):
        rule = _read(Rule, name, raw, problems)
        if rule is not None:
            rules[rule.id] = rule
            problems += _faults(name, rule)
    scorings = _scorings(weights, problems)
    steps = _entries(Procedure, "procedures: no.", procedures, problems)
    if problems:
        raise BadRules(problems)
    return Ruleset(rules, scorings, steps)


_SAID = {
    "missing": "is missing: write it",
    "extra_forbidden": "is not an entry known here: correct its name or remove it",
    "string_too_short": "is empty: write it",
}
M = TypeVar("M", bound=BaseModel)


def _read(model: type[M], where: str, raw: object, problems: list[str]) -> M | None:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        for fault in error.errors():
            path = ", ".join(f"no. {part + 1}" if isinstance(part, int) else str(part) for part in fault["loc"])
            problems.append(f"{where}: {path or 'the file'}: {_SAID.get(fault['type'], fault['msg'])}")
        return None


def _entries(model: type[M], where: str, raw: object, problems: list[str]) -> tuple[M, ...]:
    entries = raw if isinstance(raw, list | tuple) else [raw]
    read = [_read(model, f"{where} {number}", entry, problems) for number, entry in enumerate(entries, 1)]
    return tuple(entry for entry in read if entry is not None)


def _scorings(raw: object, problems: list[str]) -> tuple[Scoring, ...]:
    scorings = _entries(Scoring, "weights: version no.", raw, problems)
    problems += _time_faults("weights", scorings)
    return scorings


def _faults(name: str, rule: Rule) -> list[str]:
    faults = [] if name == rule.id else [f"{name}: the rule in this file calls itself {rule.id}: name both alike"]
    faults += _time_faults(name, rule.versions)
    check = CHECKS.get(rule.check)
    if check is None:
        return [
            *faults,
            f"{name}: check {rule.check!r} does not exist; there are: {', '.join(sorted(CHECKS))}",
        ]
    for version in rule.versions:
        _read(check.params, f"{name}: version from {version.valid_from}: parameters", version.parameters, faults)
    faults += [
        f"{name}: the text uses {{{field}}}, which the check {rule.check} does not tell"
        for field in sorted(rule.text.fields - check.values)
    ]
    return faults


def _time_faults(name: str, versions: Iterable[Dated]) -> list[str]:
    ordered = sorted(versions, key=lambda version: version.valid_from)
    faults = [
        f"{name}: the version from {version.valid_from} ends on {version.valid_to}, before it begins"
        for version in ordered
        if version.valid_to is not None and version.valid_to < version.valid_from
    ]
    for before, after in pairwise(ordered):
        if before.valid_to is None or before.valid_to >= after.valid_from:
            faults.append(
                f"{name}: two versions hold from {after.valid_from}: end the one from {before.valid_from}"
                f" on {after.valid_from - _DAY} (its valid_to)"
            )
        elif before.valid_to + _DAY < after.valid_from:
            gap = f"{before.valid_to + _DAY} to {after.valid_from - _DAY}"
            faults.append(f"{name}: no version holds from {gap}: close the gap or write the version of that time")
    return faults
