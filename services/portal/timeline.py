"""The timeline of a case as a file. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping

from services.portal.domain.facts import Entry
from services.portal.domain.outcomes import safe
from services.portal.words import Words
from shared.kernel.calendar import Zone

COLUMNS = ("moment", "what", "codes", "reason", "who")


def as_csv(doings: Iterable[tuple[Entry, str]], names: Mapping[str, str], words: Words, zone: str) -> str:
    """One line for each event, the oldest first; moments with the offset of that time zone, and who did it as far as
    the reader may know a name. No cell is a formula."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow(COLUMNS)
    for entry, by in doings:
        data = entry.data
        codes = " ".join([data["code"]] if data.get("code") else data.get("codes") or [])
        said = (words.event(entry, zone), codes, data.get("reason") or "", names.get(by, ""))
        lines.writerow((entry.at.astimezone(Zone[zone].info).isoformat(), *map(safe, said)))
    return out.getvalue()
