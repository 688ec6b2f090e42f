"""The sentences of the registry's refusals, read from the file an official may edit. Pure."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter


class Sentences(BaseModel):
    """A sentence in Indonesian and English."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    en: str


class RefusalText(Sentences):
    """What a refusal says, and how it is mended."""

    mend: Sentences


@cache
def texts() -> Mapping[str, RefusalText]:
    """The sentences of every refusal by its code. Raises pydantic.ValidationError when the file is broken."""
    raw = yaml.safe_load(files("services.registry").joinpath("texts.yaml").read_text("utf-8"))
    return TypeAdapter(dict[str, RefusalText]).validate_python(raw)


_RULES = {
    "missing": "REQUIRED",
    "literal_error": "NOT_IN_LIST",
    "string_too_short": "REQUIRED",
    "string_too_long": "TOO_LONG",
    "int_type": "NOT_A_NUMBER",
    "int_parsing": "NOT_A_NUMBER",
    "greater_than_equal": "OUT_OF_RANGE",
    "less_than_equal": "OUT_OF_RANGE",
    "json_invalid": "BAD_JSON",
}


def rule_of(kind: str) -> str:
    """The rule that a validation error of this kind breaks: our own codes as they are, pydantic's by name."""
    code = _RULES.get(kind, kind)
    return code if code in texts() else "BAD_FORM"


def remedy(code: str) -> Mapping[str, str]:
    """How to mend what this code refuses, in both languages. Raises KeyError for a code without a text."""
    return texts()[code].mend.model_dump()
