"""A deadline as a calendar file: the day where the agency is, and a later file takes the place of an earlier one."""

from datetime import UTC, date, datetime

from icalendar import Calendar

from services.portal.domain.calendar import Deadline, as_ics
from shared.kernel.calendar import Zone

DUE = datetime(2026, 8, 10, 16, 59, tzinfo=UTC)  # still the 10th in WIB, the 11th in WITA and WIT
SAID = datetime(2026, 8, 3, 2, tzinfo=UTC)
FIRST = Deadline(
    case="c-1",
    summary="Tenggat PPK; MT-1,\nBEGIN:VEVENT",
    address="http://portal/perkara/c-1",
    due=DUE,
    said=SAID,
    zone=Zone.WITA,
)


def test_it_is_the_day_where_the_agency_is() -> None:
    days = {}
    for zone in (Zone.WIB, Zone.WITA, Zone.WIT):
        (event,) = Calendar.from_ical(as_ics(FIRST.model_copy(update={"zone": zone}))).walk("VEVENT")
        days[zone] = (event.decoded("dtstart"), event.decoded("dtend"))
    assert days[Zone.WIB] == (date(2026, 8, 10), date(2026, 8, 11))
    assert days[Zone.WITA] == days[Zone.WIT] == (date(2026, 8, 11), date(2026, 8, 12))


def test_a_text_stays_a_text_and_a_later_deadline_replaces_the_earlier() -> None:
    later = FIRST.model_copy(update={"said": datetime(2026, 8, 5, tzinfo=UTC)})
    (one,), (two,) = (Calendar.from_ical(as_ics(deadline)).walk("VEVENT") for deadline in (FIRST, later))
    assert str(one["summary"]) == FIRST.summary
    assert one["uid"] == two["uid"]
    assert one.decoded("sequence") < two.decoded("sequence")
