"""An appointment as a calendar file (iCalendar, RFC 5545 and 5546), which mail programs offer to take over."""

from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event, vCalAddress

from services.notification.channels.port import Parcel
from shared.contracts.notification import Appointment

NAME, MINUTE = "mutasi.ics", 60


def invitation(parcel: Parcel, appointment: Appointment, sender: str) -> tuple[str, bytes]:
    """Method and file. A later message about the same day has the same UID and a higher SEQUENCE, so it replaces."""
    method = "CANCEL" if appointment.cancelled else "PUBLISH"
    calendar, event = Calendar(), Event()
    calendar.add("prodid", "-//mutasi ASN//ID")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    at = parcel.letter.queued_at or datetime.now(UTC)
    event.add("uid", f"{appointment.uid}@{sender.rpartition('@')[2]}")
    event.add("dtstamp", at)
    event.add("sequence", int(at.timestamp()) // MINUTE)
    event.add("status", "CANCELLED" if appointment.cancelled else "CONFIRMED")
    event.add("organizer", vCalAddress(f"mailto:{sender}"))
    event.add("summary", parcel.words.calendar)
    if appointment.day is not None:
        event.add("dtstart", appointment.day)
        event.add("dtend", appointment.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
    calendar.add_component(event)
    return method, calendar.to_ical()
