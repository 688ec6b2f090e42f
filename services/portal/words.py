"""Words and figures as people read them, in Indonesian or English."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import yaml
from babel.dates import format_date, format_datetime

from services.portal.domain.facts import Change, Entry
from services.portal.domain.story import Desk
from shared.kernel.calendar import Zone
from shared.kernel.documents import documents

Language = Literal["id", "en"]
MINUTE, HOUR, DAY = 60, 3600, 86400


@cache
def tables() -> Mapping[str, Any]:
    """The packaged words. Raises OSError, yaml.YAMLError."""
    return dict(yaml.safe_load(files(__package__).joinpath("words.yaml").read_text("utf-8")))


@cache
def citations() -> Mapping[str, str]:
    """Sources in Indonesian, by how the files of rules word them. Raises OSError, yaml.YAMLError."""
    return dict(yaml.safe_load(files(__package__).joinpath("citations.yaml").read_text("utf-8")))


class Words:
    """Says things in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language

    def say(self, indonesian: str, english: str) -> str:
        """One of two sentences that stand together, so that neither can be missing."""
        return indonesian if self.language == "id" else english

    def name(self, table: str, code: str) -> str:
        """What a code is called; one that nobody named is shown without its underscores."""
        found = tables()[table].get(code)
        return str(found[self.language]) if found else code.replace("_", " ")

    def codes(self, table: str) -> tuple[str, ...]:
        """The codes that have a name there."""
        return tuple(tables()[table])

    def in_order(self, table: str, rows: Iterable[dict[str, Any]], field: str) -> list[dict[str, Any]]:
        """Rows in the order of the codes there, what has no name last."""
        places = {code: place for place, code in enumerate(self.codes(table))}
        return sorted(rows, key=lambda row: places.get(row[field], len(places)))

    def document(self, kind: str) -> str:
        """What a kind of document is called."""
        found = documents().kind(kind)
        return found.title[self.language] if found else kind.replace("_", " ")

    def citation(self, source: str) -> str:
        """Where a rule stands; what is not among the known sources is shown as it was written."""
        return citations().get(source, source) if self.language == "id" else source

    def problem(self, code: str) -> dict[str, Any]:
        """A refusal of the portal itself, in the form of the services' problems."""
        found = tables()["refusals"][code]
        said = {"code": code, "detail": found[self.language], "mend": found["mend"][self.language]}
        return {**said, "errors": []}

    def month(self, month: str) -> str:
        """A month of a year, as in 2026-11, written out."""
        return str(format_date(date.fromisoformat(f"{month}-01"), "MMMM y", locale=self.language))

    def day(self, day: date | str) -> str:
        """A date, written out."""
        day = date.fromisoformat(day) if isinstance(day, str) else day
        return str(format_date(day, "d MMMM y", locale=self.language))

    def moment(self, at: datetime, zone: str) -> str:
        """A moment, absolute, with its zone."""
        local = at.astimezone(Zone[zone].info)
        pattern = "d MMMM y 'pukul' HH.mm.ss" if self.language == "id" else "d MMMM y, HH:mm:ss"
        return f"{format_datetime(local, pattern, locale=self.language)} {zone}"

    def moment_of(self, text: str, zone: str) -> str:
        """The same for a moment that an event carries as text."""
        return self.moment(datetime.fromisoformat(text), zone)

    def age(self, seconds: float) -> str:
        """How long ago."""
        seconds = max(0, int(seconds))
        for size, indonesian, english in ((DAY, "hari", "day"), (HOUR, "jam", "hour"), (MINUTE, "menit", "minute")):
            if seconds >= size:
                return self._ago(seconds // size, indonesian, english)
        return self._ago(seconds, "detik", "second")

    def _ago(self, number: int, indonesian: str, english: str) -> str:
        return self.say(f"{number} {indonesian} lalu", f"{number} {english}{'' if number == 1 else 's'} ago")

    def points(self, hundredths: int | None) -> str:
        """Points of 100 with two decimals."""
        if hundredths is None:
            return self.say("tidak ada data", "no data")
        text = f"{hundredths // 100}.{hundredths % 100:02}"
        return text.replace(".", ",") if self.language == "id" else text

    def desk(self, desk: Desk, places: Mapping[str, Any]) -> str:
        """An office and where it is."""
        if not desk.office:
            return self.say("tidak ada", "nobody")
        where = desk.unit or desk.agency
        name = self.name("offices", desk.office)
        return f"{name}, {places[where].name}" if where in places else name

    def event(self, entry: Entry, zone: str) -> str:
        """One line of a story; moments in that zone."""
        data = dict(entry.data)
        for name, table in (("stage", "stages"), ("office", "offices"), ("decision", "decisions"), ("part", "parts")):
            if data.get(name):
                data[name] = self.name(table, data[name])
        if data.get("effective_on"):
            data["effective_on"] = self.day(data["effective_on"])
        data |= {name: self.moment_of(data[name], zone) for name in ("due", "until") if data.get(name)}
        if isinstance(paper := data.get("paper"), dict):
            data |= {"number": paper["number"], "dated": self.day(paper["dated"])}
        data["verdict"] = self.name("verdicts", "eligible" if data.get("eligible") else "refused")
        return self.name("events", entry.type).format_map(_Told(data))

    def change(self, change: Change) -> str:
        """One line about a vacancy, or about the documents of a case."""
        data = dict(change.data)
        if data.get("closes_on"):
            data["closes_on"] = self.day(data["closes_on"])
        data["reason"] = f": {data['reason']}" if data.get("reason") else ""
        data["kind"] = self.document(data.get("kind", ""))
        data["cause"] = self.name("openings", data.get("cause", ""))
        data["checked"] = self.name("checked", "accepted" if data.get("accepted") else "rejected")
        return self.name("changes", change.type).format_map(_Told(data))

    def doing(self, told: Entry | Change, zone: str) -> str:
        """One line of news."""
        return self.event(told, zone) if isinstance(told, Entry) else self.change(told)


class _Told(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "…"
