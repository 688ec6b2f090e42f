"""Words of a message: one Jinja file per message and language, for its subject, its text and its HTML."""

from collections.abc import Callable, Collection, Mapping
from datetime import date, datetime
from functools import cache, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar

from babel.dates import format_date
from babel.dates import format_datetime as format_moment
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateRuntimeError, pass_context
from jinja2.filters import do_wordwrap
from jinja2.runtime import Context
from markupsafe import Markup

from services.notification.domain.facts import PLACES, Particulars
from services.notification.domain.ledger import Send
from shared.contracts.digests import DigestItem
from shared.kernel.calendar import Zone

T = TypeVar("T", date, datetime)
TEMPLATES = Path(__file__).parent / "templates"
PARTS = ("text", "html", "chat")
LANGUAGES: tuple[Literal["id", "en"], ...] = ("id", "en")
_MOMENT = {"id": "d MMMM y 'pukul' HH.mm", "en": "d MMMM y, HH:mm"}


class Words(NamedTuple):
    """What one reader is told, in the forms the channel wants. `version` names the templates it was made of."""

    subject: str
    text: str
    html: str
    version: str
    chat: str = ""  # a few lines and the link: what may stand in a chat
    calendar: str = ""  # the title of the appointment, where there is one
    off: str = ""  # where such messages are switched off, if they can be


def _read(parse: Callable[[str], T], iso: str) -> T:
    try:
        return parse(str(iso))
    except ValueError:
        raise TemplateRuntimeError("a value that should be a date is none") from None


@pass_context
def _day(context: Context, iso: str) -> str:
    """A day of a value, in words of the reader's language."""
    day = _read(date.fromisoformat, iso)
    return format_date(day, "d MMMM y", locale=context["language"])


@pass_context
def _moment(context: Context, iso: str) -> str:
    """A moment of a value, in the reader's zone and language."""
    zone, language = Zone[context["zone"]], context["language"]
    local = _read(datetime.fromisoformat, iso).astimezone(zone.info).replace(tzinfo=None)
    return f"{format_moment(local, _MOMENT[language], locale=language)} {zone.name}"


def _text_row(label: str, value: str) -> str:
    return f"{label}: {value}"


def _html_row(label: str, value: str) -> Markup:
    return Markup("<tr><th scope='row'>{}</th><td>{}</td></tr>").format(label, value)


@lru_cache(2_000)
def _wrapped(text: str, width: int) -> str:
    """As Jinja wraps; most paragraphs are the same in every message, and wrapping takes longer than all the rest."""
    return str(do_wordwrap(_environment("text"), text, width))


@cache
def _environment(part: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=part == "html",  # noqa: S701 - the text part is no HTML
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,  # what `version` names is what is rendered, until the next start
    )
    environment.filters |= {"day": _day, "moment": _moment, "wordwrap": _wrapped}
    environment.globals["row"] = _html_row if part == "html" else _text_row
    return environment


def render(part: str, template: str, values: Mapping[str, str]) -> str:
    """One part ("subject", "text", "html") in `values["language"]`; its layout gives the words their form.

    Raises jinja2.TemplateError for a broken template, a missing one or a variable nobody gives.
    """
    environment, language = _environment("html" if part == "html" else "text"), values["language"]
    layout = environment.get_template(f"layout.{part}.{language}.jinja")
    words = environment.get_template(f"{template}.{language}.jinja")
    return words.render(**values, layout=layout)


@cache
def version(template: str, language: str) -> str:
    """What these words are known by in the ledger: the first 12 hex digits of SHA-256 over them and their layouts.

    Raises OSError when a file is missing.
    """
    layouts = (f"layout.{part}.{language}" for part in ("html", "text", "subject", "chat", "calendar"))
    names = ("layout.html", *layouts, f"{template}.{language}")
    texts = [(TEMPLATES / f"{name}.jinja").read_bytes() for name in names]
    return sha256(b"\0".join(texts)).hexdigest()[:12]


def clean(text: str) -> str:
    """One line without control characters: nothing from outside starts a header or a paragraph of its own."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    # The email package decodes what looks like an encoded word, with the line breaks hidden in it.
    return line.replace("=?", "= ?")


class Pages(NamedTuple):
    """Addresses for one message: of the portal, and of the pages that ask and then act; "" where there is none."""

    portal: str
    off: str = ""
    seen: str = ""


def words(
    letter: Send,
    person: Particulars,
    titles: Mapping[str, str],
    pages: Pages,
    parts: Collection[str] = PARTS,
    *,
    attached: bool = False,
) -> Words:
    """The message in the reader's language; `titles` are those of its places, by id, and the `code` of a new
    address; `parts` are the forms that are wanted; `attached`: a paper goes with it. Raises jinja2.TemplateError."""
    reader = {"name": clean(person.name), "language": person.language, "zone": person.zone}
    values: dict[str, Any] = {**_values(letter.values, titles), **reader}
    happened = letter.happened_at or letter.queued_at
    values["happened"] = moment(happened, person) if happened and not letter.items else ""
    values["items"] = [_item(item, reader, titles, person) for item in letter.items]
    values |= {"code": titles.get("code", ""), "attached": attached}
    values |= {"link": f"{pages.portal.rstrip('/')}/{letter.page}", "off_link": pages.off, "seen_link": pages.seen}
    subject = render("subject", letter.template, values)
    text, html, chat = (
        render(one, letter.template, values) if one in parts else "" for one in ("text", "html", "chat")
    )
    title = clean(render("calendar", letter.template, values)) if letter.appointment else ""
    return Words(clean(subject), text, html, version(letter.template, person.language), chat.strip(), title, pages.off)


def places(letter: Send) -> set[str]:
    """Ids of all places whose titles the words may need."""
    found = (letter.values, *(item.values for item in letter.items))
    return {f"{name}/{values[name]}" for values in found for name in PLACES if values.get(name)}


def moment(at: datetime, person: Particulars) -> str:
    """A moment in the reader's zone and language."""
    local = at.astimezone(Zone[person.zone].info).replace(tzinfo=None)
    return f"{format_moment(local, _MOMENT[person.language], locale=person.language)} {person.zone}"


def _values(values: Mapping[str, str], titles: Mapping[str, str]) -> dict[str, str]:
    return {name: clean(titles.get(f"{name}/{value}", value)) for name, value in values.items()}


def _item(
    item: DigestItem, reader: Mapping[str, str], titles: Mapping[str, str], person: Particulars
) -> Mapping[str, str]:
    """One line of a digest: what happened, and when."""
    line = render("subject", item.template, {**_values(item.values, titles), **reader})
    return {"line": clean(line), "happened": moment(item.happened_at, person) if item.happened_at else "–"}
