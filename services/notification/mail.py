"""Words and envelope of an e-mail: one Jinja file per message and language, for both its parts."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from babel.dates import format_date
from babel.dates import format_datetime as format_moment
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateRuntimeError, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from services.notification.domain.facts import Particulars
from services.notification.domain.ledger import Send
from shared.kernel.calendar import Zone

# What a name keeps in a header; brackets, quotes, @ and = mean something there. A line may have 998 bytes.
PLAIN, LONGEST_NAME, UNFOLDED = " .,'’-", 120, 990
T = TypeVar("T", date, datetime)
TEMPLATES = Path(__file__).parent / "templates"
LANGUAGES = ("id", "en")
_MOMENT = {"id": "d MMMM y 'pukul' HH.mm", "en": "d MMMM y, HH:mm"}
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")


class BadAddress(ValueError):
    """The address cannot be written into an envelope."""


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


@cache
def _environment(part: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        autoescape=part == "html",  # noqa: S701 - the text part is no HTML
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": _day, "moment": _moment}
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


def clean(text: str) -> str:
    """One line without control characters: nothing from outside starts a header or a paragraph of its own."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    # The email package decodes what looks like an encoded word, with the line breaks hidden in it.
    return line.replace("=?", "= ?")


def mailbox(person: Particulars) -> Address:
    """Name and address for the header. Raises BadAddress."""
    if not _ADDRESS.fullmatch(person.email):
        raise BadAddress
    shown = "".join(c if c.isalnum() or c in PLAIN else " " for c in person.name)
    return Address(display_name=" ".join(shown.split())[:LONGEST_NAME], addr_spec=person.email)


def wire(mail: EmailMessage) -> bytes:
    """The e-mail as it is handed over. Headers are not folded: the email package loses quotes then."""
    return mail.as_bytes(policy=SMTP.clone(max_line_length=UNFOLDED))


def message_header(message: str, domain: str) -> str:
    """The Message-ID: the same for every sending of the same message."""
    return f"<{message.replace(':', '.')}@{domain}>"


def compose(letter: Send, person: Particulars, titles: Mapping[str, str], portal: str, sender: str) -> EmailMessage:
    """The whole e-mail. Raises BadAddress, jinja2.TemplateError."""
    values: dict[str, Any] = {name: clean(value) for name, value in {**letter.values, **titles}.items()}
    values |= {"name": clean(person.name), "language": person.language, "zone": person.zone}
    values["link"] = f"{portal.rstrip('/')}/{letter.page}"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(display_name="mutasi ASN", addr_spec=sender)
    mail["To"] = mailbox(person)
    mail["Subject"] = clean(render("subject", letter.template, values))
    mail["Date"] = format_datetime(datetime.now(UTC))  # real time, also where the demo shifts the domain's
    mail["Message-ID"] = message_header(letter.message, sender.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(render("text", letter.template, values), cte="quoted-printable")
    mail.add_alternative(render("html", letter.template, values), subtype="html", cte="quoted-printable")
    # Last, since adding a part moves every Content- header into the first one.
    mail["Content-Language"] = person.language
    return mail
