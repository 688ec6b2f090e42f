"""Digests: what can wait is told once, at the person's hour in their zone; what cannot wait never gets there."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notification.domain.digests import DIGESTS, LARGEST, digest_id, next_hour
from services.notification.domain.entry import message_id
from services.notification.domain.facts import Particulars, Wishes
from services.notification.domain.ledger import MESSAGES, Send
from services.notification.words import Pages, words
from shared.contracts.digests import DigestDue, DigestGrown, MessageDigested, MessageGathered
from shared.contracts.notification import MessageQueued
from shared.kernel.calendar import Zone
from shared.kernel.decider import Event, TimerDue
from tests.unit.notification.samples import ITEMS, NOW, SAMPLES, Run
from tests.unit.notification.smtpd import SITI

DAILY, WEEKLY = Wishes(digest="daily", digest_at="07:30"), Wishes(digest="weekly", digest_at="16:00")
ID = digest_id("p901", "email")


def queued(type: str, wishes: Wishes, id: str = "e1") -> Run:
    """The entry of a person with these wishes, after the event."""
    run = Run(MESSAGES, message_id(id, "p901", "email"), facts={("wishes", "p901"): wishes})
    run.tell(SAMPLES[type], id)
    return run


def gathering(many: int, wishes: Wishes = DAILY, zone: str = "WIB") -> Run:
    """A digest that heard of so many messages."""
    known = SITI.model_copy(update={"zone": zone})
    run = Run(DIGESTS, ID, facts={("wishes", "p901"): wishes, ("particulars", "p901"): known})
    for number in range(many):
        run.tell(gathered(number), f"m{number}")
    return run


def gathered(number: int) -> MessageGathered:
    """One message."""
    return MessageGathered(message=f"m:{number}", person="p901", channel="email", template="talk.proposed")


def hour(run: Run) -> list[Event]:
    """The timer comes due."""
    [timer] = DIGESTS.timers(run.state)
    return run.tell(TimerDue(id=timer.id, name=timer.name, at=timer.at), time=timer.at)


def test_what_can_wait_is_gathered_and_nothing_is_sent_yet() -> None:
    run = queued("mutasi.evaluation.completed.v1", DAILY)
    assert [type(event) for event in run.said] == [MessageQueued, MessageGathered]
    assert run.state.status == "gathered"
    assert MESSAGES.work(run.state) == ()


@pytest.mark.parametrize("type", ["mutasi.decree.issued.v1", "mutasi.proposal.refused.v1", "mutasi.task.questioned.v1"])
def test_legal_and_urgent_messages_never_wait(type: str) -> None:
    run = queued(type, DAILY)
    assert run.state.status == "queued"
    assert len(MESSAGES.work(run.state)) == 1


def test_who_wants_no_digest_is_told_at_once() -> None:
    assert queued("mutasi.evaluation.completed.v1", Wishes()).state.status == "queued"


@pytest.mark.parametrize(
    ("wishes", "zone", "expected"),
    [
        (DAILY, "WIB", "2026-11-25T00:30Z"),  # it is Tuesday 10:00 WIB: tomorrow 07:30 WIB
        (DAILY, "WIT", "2026-11-24T22:30Z"),
        (Wishes(digest="daily", digest_at="10:01"), "WIB", "2026-11-24T03:01Z"),
        (Wishes(digest="daily"), "WITA", "2026-11-24T23:30Z"),
        (WEEKLY, "WIB", "2026-11-30T09:00Z"),  # Monday
    ],
)
def test_the_hour_is_the_persons_own(wishes: Wishes, zone: str, expected: str) -> None:
    run = gathering(1, wishes, zone)
    [timer] = DIGESTS.timers(run.state)
    assert timer.at == datetime.fromisoformat(expected)


@settings(deadline=None)
@given(
    st.sampled_from(["daily", "weekly"]),
    st.times().map(lambda at: at.strftime("%H:%M")),
    st.sampled_from(Zone),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
)
def test_the_next_hour_is_ahead_and_no_further_than_a_turn(often: str, at: str, zone: Zone, now: datetime) -> None:
    due = next_hour(Wishes(digest=often, digest_at=at), zone, now)
    local = due.astimezone(zone.info)
    assert now < due <= now + timedelta(days=7 if often == "weekly" else 1)
    assert local.strftime("%H:%M") == at
    assert often == "daily" or local.weekday() == 0


def test_all_that_was_gathered_is_told_once_and_the_next_begins_empty() -> None:
    run = gathering(3)
    assert run.tell(gathered(1), "again") == [], "a repeat is no second item"
    [due] = hour(run)
    assert isinstance(due, DigestDue)
    assert [item.message for item in due.items] == ["m:0", "m:1", "m:2"]
    assert run.tell(gathered(2), "late repeat") == []
    assert DIGESTS.timers(run.state) == ()
    run.tell(gathered(7), "m7")
    [timer] = DIGESTS.timers(run.state)
    assert timer.id == "digest-2"


def test_a_full_digest_does_not_wait() -> None:
    run = gathering(LARGEST)
    *_, grown, due = run.said
    assert isinstance(grown, DigestGrown)
    assert isinstance(due, DigestDue)
    assert due.count == LARGEST
    assert run.state.items == ()


def test_the_digest_is_a_message_and_ends_those_in_it() -> None:
    due = DigestDue(digest=ID, person="p901", channel="email", number=1, count=2, items=ITEMS)
    digest = Run(MESSAGES, message_id("d1", "p901", "email"), facts={("wishes", "p901"): DAILY})
    digest.tell(due, "d1")
    assert digest.state.status == "queued", "a digest is not gathered for a digest"
    assert digest.state.items == ITEMS
    one = queued("mutasi.evaluation.completed.v1", DAILY)
    [ended] = one.tell(due, "d1")
    assert isinstance(ended, MessageDigested)
    assert one.state.status == "digested"
    assert one.state.digest == digest.state.message
    assert one.tell(due, "d1") == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_digest_tells_what_happened_and_when(language: str) -> None:
    letter = Send(message="m:9", person="p901", template="digest", page="cases", values={"count": "2"}, items=ITEMS)
    reader: Particulars = SITI.model_copy(update={"language": language, "zone": "WIT"})
    said = words(letter, reader, {}, Pages("https://portal.example.test"))
    local = NOW.astimezone(ZoneInfo("Asia/Jayapura"))
    for text in (said.text, said.html):
        assert text.count(f"{local.day} November 2026") == 2
        assert text.count("WIT") == 2
