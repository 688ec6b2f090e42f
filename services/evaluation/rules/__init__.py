"""The rules as an official edits them: one dated, cited YAML file per rule, and the weights of the score."""

from importlib.resources import files

import yaml

from services.evaluation.domain.reading import parse
from services.evaluation.domain.ruleset import Ruleset

WEIGHTS = "weights"


def load() -> Ruleset:
    """The packaged rules. Raises BadRules with every fault, yaml.YAMLError for a file that is no YAML."""
    found = {
        entry.name.removesuffix(".yaml"): yaml.safe_load(entry.read_text("utf-8"))
        for entry in files(__name__).iterdir()
        if entry.name.endswith(".yaml")
    }
    weights = found.pop(WEIGHTS, None)
    return parse(found, weights)
