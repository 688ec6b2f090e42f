"""Envelopes that nobody could keep are no envelopes: each is named, none gets further."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from shared.runtime.ports import Record, utc
from shared.runtime.wire import Undecodable, attributes, envelope_of

GOOD = {
    "ce_specversion": "1.0",
    "ce_id": "proposal:c-901:1",
    "ce_type": "mutasi.proposal.submitted.v1",
    "ce_source": "/mutasi/proposal",
    "ce_subject": "c-901",
    "ce_sequence": "1",
    "ce_time": "2026-11-24T03:00:00Z",
}
BAD = [
    ("ce_specversion", "0.3"),
    ("ce_specversion", ""),
    ("ce_id", ""),
    ("ce_subject", ""),
    ("ce_source", "https://elsewhere.example"),
    ("ce_source", "proposal"),
    ("ce_sequence", "0"),
    ("ce_sequence", "-1"),
    ("ce_sequence", "one"),
    ("ce_sequence", "1e3"),
    ("ce_sequence", str(2**63)),
    ("ce_sequence", "9" * 5000),
    ("ce_time", "yesterday"),
    ("ce_time", "2026-11-24T03:00:00"),
    ("ce_time", "0001-01-01T00:00:00+14:00"),
    ("ce_time", "9999-12-31T23:59:59Z"),
]


def record(headers: dict[str, str]) -> Record:
    """A record with these headers."""
    return Record("t", 0, 0, b"k", b"{}", tuple((name, value.encode()) for name, value in headers.items()))


def test_what_we_say_is_read() -> None:
    envelope = envelope_of(attributes(record(GOOD)))
    assert (envelope.source, envelope.sequence, envelope.aggregate) == ("proposal/c-901", 1, "c-901")
    assert envelope.actor == "", "it came about by itself"
    assert envelope_of(attributes(record({**GOOD, "ce_actor": "p-901"}))).actor == "p-901"


@pytest.mark.parametrize(("header", "value"), BAD)
def test_what_nobody_could_keep_is_refused(header: str, value: str) -> None:
    with pytest.raises(Undecodable):
        envelope_of(attributes(record({**GOOD, header: value})))


@pytest.mark.parametrize("header", GOOD)
def test_what_is_missing_is_named(header: str) -> None:
    with pytest.raises(Undecodable, match=header):
        attributes(record({name: value for name, value in GOOD.items() if name != header}))


def test_a_moment_is_written_in_utc_wherever_it_was_meant() -> None:
    """Midnight in Palu is 16:00 UTC of the day before: the timer of a move fires when its day begins there."""
    midnight = datetime(2027, 1, 1, tzinfo=ZoneInfo("Asia/Makassar"))
    assert utc(midnight) == "2026-12-31T16:00:00.000000Z"
