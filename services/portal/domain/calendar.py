"""A deadline as a calendar file (iCalendar, RFC 5545), for the programme in which somebody keeps their days. Pure."""

from datetime import datetime, timedelta

from icalendar import Calendar, Event

from shared.kernel.calendar import Zone
from shared.kernel.decider import Frozen

MINUTE = 60


class Deadline(Frozen):
    """What ends when: `due` is on the last day, of which the date in that zone counts. `said` is when it was told:
    the file of a later deadline of the same case takes the place of the earlier one."""

    case: str
    summary: str
    address: str
    due: datetime
    said: datetime
    zone: Zone


def as_ics(deadline: Deadline) -> bytes:
    """One whole day, of nobody's working time, with the address of the page where it stands."""
    calendar, event = Calendar(), Event()
    calendar.add("prodid", "-//mutasi ASN//ID")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    day = deadline.due.astimezone(deadline.zone.info).date()
    event.add("uid", f"tenggat-{deadline.case}@mutasi")
    event.add("dtstamp", deadline.said)
    event.add("sequence", int(deadline.said.timestamp()) // MINUTE)
    event.add("summary", deadline.summary)
    event.add("url", deadline.address)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    calendar.add_component(event)
    return bytes(calendar.to_ical())
