"""What people may ask to have corrected, as data, and what a wanted value makes of a record. Pure.

The file (`rules/corrections.yaml`) says which fields there are and what each answer rests on; a field that nobody here
knows how to write is refused at start-up.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.registry.domain.person import Person, UpdatePerson
from services.registry.domain.texts import Sentences, rule_of
from services.registry.domain.values import PREDICATES
from shared.contracts.registry import Profile
from shared.kernel.competence import HIGHEST, LOWEST
from shared.kernel.decider import Refused
from shared.kernel.education import Education
from shared.kernel.rank import Grade, PppkGrade

_UNPROCESSABLE, _MOST_YEARS = 422, 60
Kind = Literal["text", "choice", "level", "years", "list"]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Late(_Row):
    """The office of the agency that is told when nobody answered, and again after so many working days each time."""

    office: str
    working_days: Annotated[int, Field(ge=1, le=100)]


class Term(_Row):
    """Working days that the agency has to answer what is asked from `valid_from` on, and who hears when it did not."""

    valid_from: date
    working_days: Annotated[int, Field(ge=1, le=100)]
    late: Late
    source: str
    certainty: Literal["S", "P", "C"]


class Correctable(_Row):
    """One field, in words and with the rule that an answer usually names."""

    field: str
    group: Literal["identity", "rank", "education", "competence", "performance", "training", "interests"]
    kind: Kind
    text: Sentences
    about: Sentences | None = None
    source: str
    certainty: Literal["S", "P", "C"]


class _File(_Row):
    terms: tuple[Term, ...]
    fields: tuple[Correctable, ...]


@cache
def _file() -> _File:
    raw = yaml.safe_load(files("services.registry").joinpath("rules/corrections.yaml").read_text("utf-8"))
    found = _File.model_validate(raw)
    if strange := {one.field for one in found.fields} ^ _WRITTEN.keys():
        raise ValueError(f"rules/corrections.yaml and the record differ: {', '.join(sorted(strange))}")
    return found


def correctables() -> tuple[Correctable, ...]:
    """All fields, in the order of the file. Raises pydantic.ValidationError, ValueError for a broken file."""
    return _file().fields


def term_of(day: date) -> Term:
    """The newest term that holds on that day; before the first one that first one."""
    terms = sorted(_file().terms, key=lambda one: one.valid_from)
    return next((one for one in reversed(terms) if one.valid_from <= day), terms[0])


def correctable(field: str, about: str) -> Correctable:
    """The field of that name. Raises Refused for another one, and when it is not said which of several is meant."""
    found = next((one for one in correctables() if one.field == field), None)
    if found is None:
        raise Refused("UNKNOWN_FIELD", status=_UNPROCESSABLE, where="field", known=", ".join(_WRITTEN))
    if found.about and not about and field != "rank":
        raise Refused("ABOUT_MISSING", status=_UNPROCESSABLE, where="about", wants=found.about.en)
    return found


def choices(field: str, employment: str) -> Mapping[str, str]:
    """The values a field may have, and what each is called where that is no code of its own."""
    if field == "rank":
        return {grade.value: grade.value for grade in (PppkGrade if employment == "PPPK" else Grade)}
    if field == "education_level":
        return {str(level.value): str(level.title) for level in Education}
    if field == "performance":
        return {predicate: predicate for predicate in sorted(PREDICATES)}
    return {str(level): str(level) for level in range(LOWEST, HIGHEST + 1)} if field == "competence" else {}


def now_of(state: Person, field: str, about: str) -> str:
    """What the record says today, as text; "" for nothing."""
    if state.profile is None:
        return ""
    if field in ("name", "nip", "email"):
        return str(getattr(state.particulars, field, ""))
    read = _READ.get(field)
    return read(state.profile, about) if read else str(getattr(state.profile, field))


def wanted(profile: Profile, field: str, about: str, value: str) -> UpdatePerson:
    """The change of the record that makes it say this. Raises Refused for a value that it cannot say."""
    if field == "experience" and not (value.isdecimal() and int(value) <= _MOST_YEARS):
        raise Refused("BAD_YEARS", status=_UNPROCESSABLE, where="value", most=_MOST_YEARS)
    try:
        return UpdatePerson.model_validate(_WRITTEN[field](profile, about, value))
    except ValidationError as error:
        detail = error.errors()[0]
        told = {name: found for name, found in detail.get("ctx", {}).items() if name != "code"}
        where = "about" if detail["loc"][0] == "rank_since" else "value"
        raise Refused(rule_of(detail["type"]), status=_UNPROCESSABLE, where=where, **told) from None


def _list(value: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))


def _experience(profile: Profile, about: str, value: str) -> list[dict[str, str]]:
    others = [one.model_dump() for one in profile.experience if one.field != about]
    return [*others, {"field": about, "years": value}]


Write = Callable[[Profile, str, str], dict[str, Any]]


def _plain(field: str) -> Write:
    return lambda _profile, _about, value: {field: value}


_WRITTEN: Mapping[str, Write] = {
    "name": _plain("name"),
    "nip": _plain("nip"),
    "email": _plain("email"),
    "rank": lambda _profile, about, value: {"rank": value} | ({"rank_since": about} if about else {}),
    "education_level": _plain("education_level"),
    "education_field": _plain("education_field"),
    "competence": lambda profile, about, value: {"competences": {**profile.competences, about: value}},
    "experience": lambda profile, about, value: {"experience": _experience(profile, about, value)},
    "performance": lambda profile, about, value: {"performance": {**profile.performance, about: value}},
    "training": lambda profile, _about, value: {"trainings": list(dict.fromkeys((*profile.trainings, value)))},
    "interests": lambda _profile, _about, value: {"interests": _list(value)},
    "preferences": lambda _profile, _about, value: {"preferences": _list(value)},
}
_READ: Mapping[str, Callable[[Profile, str], str]] = {
    "rank": lambda profile, _about: " ".join(filter(None, (profile.rank, str(profile.rank_since or "")))),
    "competence": lambda profile, about: str(profile.competences.get(about, "")),
    "experience": lambda profile, about: ", ".join(str(one.years) for one in profile.experience if one.field == about),
    "performance": lambda profile, about: profile.performance.get(about, ""),
    "training": lambda profile, _about: ", ".join(profile.trainings),
    "interests": lambda profile, _about: ", ".join(profile.interests),
    "preferences": lambda profile, _about: ", ".join(profile.preferences),
}
