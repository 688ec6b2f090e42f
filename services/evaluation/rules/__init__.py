"""The rules as an official edits them: one dated, cited YAML file per rule; the weights; the procedures."""

from collections.abc import Mapping
from importlib.resources import files

import yaml

from services.evaluation.domain.reading import parse
from services.evaluation.domain.ruleset import BadRules, Ruleset

WEIGHTS, PROCEDURES, SUFFIX = "weights", "procedures", ".yaml"


def load() -> Ruleset:
    """The packaged rules. Raises BadRules with every fault."""
    return read(
        {entry.name: entry.read_text("utf-8") for entry in files(__name__).iterdir() if entry.name.endswith(SUFFIX)}
    )


def read(texts: Mapping[str, str]) -> Ruleset:
    """The rules in these files, name -> text. Raises BadRules with every fault, also of files that are no YAML."""
    found: dict[str, object] = {}
    broken = []
    for name, text in sorted(texts.items()):
        try:
            found[name.removesuffix(SUFFIX)] = yaml.safe_load(text)
        except yaml.YAMLError as error:
            broken.append(f"{name}: is no YAML: {error}")
    if broken:
        raise BadRules(broken)
    weights, procedures = found.pop(WEIGHTS, None), found.pop(PROCEDURES, ())
    return parse(found, weights, procedures)
