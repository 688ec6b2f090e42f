"""What every message looks like, with invented values, and whether its files are whole."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml
from jinja2 import TemplateError
from pydantic import BaseModel

from services.notification.domain.facts import Particulars
from services.notification.domain.ledger import Send
from services.notification.domain.preferences import switchable
from services.notification.domain.rules import Basis, Rule, rules
from services.notification.words import LANGUAGES, Pages, Words, version, words
from shared.contracts.digests import DigestItem

Language = Literal["id", "en"]
NOW = datetime(2027, 3, 4, 2, 30, tzinfo=UTC)
NAMES = {"id": "Siti Contoh, S.Kom.", "en": "Siti Contoh, S.Kom."}


class Shown(BaseModel):
    """One row of the policy, with the version of its words per language and what is wrong with them, if anything."""

    event: str
    valid_from: str
    to: str
    template: str
    category: str
    urgency: str
    legal: bool
    basis: Basis | None
    deadline: str
    versions: Mapping[str, str]
    faults: Mapping[str, str]


@cache
def samples() -> Mapping[str, str]:
    """Invented values by name."""
    text = files("services.notification").joinpath("samples.yaml").read_text("utf-8")
    return {name: str(value) for name, value in yaml.safe_load(text).items()}


def preview(row: Rule, language: Language, portal: str) -> Words:
    """One message as a person would get it. Raises jinja2.TemplateError, KeyError for a value without a sample."""
    values = {name: samples()[name] for name in row.values}
    page = row.page.format_map(values)
    letter = Send(
        message="m:sample",
        person="sample",
        template=row.template,
        page=page,
        values=values,
        legal=row.legal,
        category=row.category,
        appointment=row.appointment_of(values),
        items=_items() if row.to == "digest" else (),
        queued_at=NOW,
    )
    reader = Particulars(name=NAMES[language], email="siti@contoh.example", language=language, zone="WIB")
    free = switchable(row.category, "email")
    link = f"{portal.rstrip('/')}/n/contoh"
    code = {"code": samples()["code"]}
    pages = Pages(portal, link if free else "", link if row.legal else "")
    return words(letter, reader, code, pages, attached=bool(row.attach))


def _items() -> tuple[DigestItem, ...]:
    """The first rows that a person is told of."""
    rows = [row for row in rules().tell if row.to == "person" and not row.legal][: int(samples()["count"])]
    values = ({name: samples()[name] for name in row.values} for row in rows)
    return tuple(
        DigestItem(message="m:sample", template=row.template, values=said, happened_at=NOW)
        for row, said in zip(rows, values, strict=True)
    )


def listed() -> list[Shown]:
    """Every row, broken ones with the reason."""
    return [_shown(row) for row in rules().tell]


def _shown(row: Rule) -> Shown:
    versions: dict[str, str] = {}
    faults: dict[str, str] = {}
    for language in LANGUAGES:
        try:
            preview(row, language, "")
            versions[language] = version(row.template, language)
        except (TemplateError, KeyError, OSError) as fault:
            faults[language] = f"{type(fault).__name__}: {fault}"
    known: dict[str, Any] = row.model_dump(mode="json", include=set(Shown.model_fields))
    return Shown(**known, versions=versions, faults=faults)
