"""What is older than the ledger may have been sent by another, so it waits for an operator; all else is sent."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.notification.domain.desks import DESKS, desk_id
from services.notification.domain.entry import message_id
from services.notification.domain.facts import Ledger
from services.notification.domain.ledger import MESSAGES, Cancel, Resend, Send
from services.notification.words import Pages, words
from shared.contracts.notification import MessageDue
from shared.kernel.decider import Facts, Message
from tests.unit.notification.samples import DAY, NOW, SAMPLES, Run, seated, task
from tests.unit.notification.smtpd import SITI

ID = message_id("e1", "p901", "email")


def told(said: datetime | None, since: datetime | None, type: str = "mutasi.decree.issued.v1") -> Run:
    """An entry that hears now of what was said then, in a ledger that began at `since`."""
    run = Run(MESSAGES, ID)
    facts: dict[Any, Any] = {("wishes", "p901"): None, ("contacts", "p901"): None}
    facts["ledger", "ledger"] = Ledger(since=since) if since else None
    message = Message(body=SAMPLES[type], id="e1", time=NOW, source="a", sequence=1, said=said)
    for event in MESSAGES.decide(run.state, message, Facts(facts)):
        run.state = MESSAGES.evolve(run.state, event)
    return run


@pytest.mark.parametrize(
    ("said", "since", "status"),
    [
        (NOW - timedelta(days=3), NOW - timedelta(days=2), "stale"),
        (NOW - timedelta(days=3), NOW - timedelta(days=4), "queued"),  # an outage of three days
        (NOW - timedelta(days=300), NOW - timedelta(days=400), "queued"),
        (NOW - timedelta(seconds=30), NOW, "queued"),  # just said, while the ledger began
        (NOW - timedelta(days=3), None, "queued"),
        (None, NOW, "queued"),
    ],
)
def test_only_what_is_older_than_the_ledger_is_stale(
    said: datetime | None, since: datetime | None, status: str
) -> None:
    assert told(said, since).state.status == status


def test_an_operator_releases_or_drops_it() -> None:
    old, since = NOW - timedelta(days=3), NOW
    released, dropped = told(old, since), told(old, since)
    assert MESSAGES.work(released.state) == ()
    released.tell(Resend())
    assert released.state.status == "queued"
    assert len(MESSAGES.work(released.state)) == 1
    dropped.tell(Cancel())
    assert dropped.state.status == "cancelled"


def test_what_is_sent_late_says_when_it_happened() -> None:
    state = told(NOW - timedelta(days=40), NOW - timedelta(days=400)).state
    [work] = MESSAGES.work(state)
    assert isinstance(work.data, Send)
    said = words(work.data, SITI, {}, Pages("https://portal.example.test"))
    assert "Waktu peristiwa: 15 Oktober 2026 pukul 10.00 WIB" in said.text
    assert "15 Oktober 2026 pukul 10.00 WIB" in said.html


def test_a_task_keeps_its_own_time_on_the_way_over_the_desk() -> None:
    desk = Run(DESKS, desk_id("head", "a1", "u1"))
    desk.tell(seated("p950", since=DAY), "o1")
    message = Message(body=task(1), id="t1", time=NOW, source="c", sequence=1, said=NOW - timedelta(days=9))
    [due] = DESKS.decide(desk.state, message, Facts())
    assert isinstance(due, MessageDue)
    entry = Run(MESSAGES, message_id("t1", "p950", "email"), facts={("ledger", "ledger"): Ledger(since=NOW)})
    entry.tell(due, "d1")
    assert entry.state.status == "stale"
