"""The service's deciders under the settings it ships with, validated when the process starts."""

from importlib.resources import files

import yaml

from services.proposal.domain import (
    Rules,
    make_assignments,
    make_cases,
    make_groups,
    make_seats,
    make_spares,
    make_views,
)


def load_rules() -> Rules:
    """Read rules/proposal.yaml. Raises pydantic.ValidationError with the entry at fault."""
    return Rules.model_validate(yaml.safe_load(files(__package__).joinpath("rules/proposal.yaml").read_text("utf-8")))


RULES = load_rules()
CASES = make_cases(RULES)
GROUPS = make_groups(RULES)
ASSIGNMENTS = make_assignments(RULES)
SEATS = make_seats(RULES)
SPARES = make_spares()
VIEWS = make_views()
