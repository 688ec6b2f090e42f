"""The journal of an event about a person: the chain holds, the words are gone."""

from datetime import UTC, datetime

from shared.contracts.people import PersonParticulars
from shared.contracts.proposal import ProposalCompleted
from shared.host.audit import verify_chain
from shared.kernel.decider import Event, Message
from shared.runtime.envelope import envelope, journaled
from shared.runtime.ports import Entry
from shared.runtime.service import Routes, Service

SERVICE = Service("registry", "mutasi.registry", (), (), Routes())
WORDS = PersonParticulars(person="p-1", name="Rina Lestari", nip="199003142014032912", version=1)
PLAIN = ProposalCompleted(case="c-1", person="p-1", decree="d-1")


def said(*events: Event) -> list[Entry]:
    """Envelopes of one aggregate's events, chained."""
    entries: list[Entry] = []
    for sequence, event in enumerate(events, 1):
        cause = Message(event, "m-1", datetime(2026, 11, 22, tzinfo=UTC))
        head = entries[-1]["hash"] if entries else ""
        entries.append(envelope(SERVICE, "p-1", sequence, head, event, cause))
    return entries


def test_words_about_a_person_are_not_journaled_and_the_chain_still_holds() -> None:
    entries = said(WORDS, PLAIN, WORDS)
    kept = [journaled(entry) for entry in entries]
    assert "Rina" not in str(kept)
    assert "199003142014032912" not in str(kept)
    assert kept[1] == entries[1]
    assert verify_chain(kept, 3, entries[-1]["hash"]) == ""


def test_i7_a_changed_digest_shows() -> None:
    kept = [journaled(entry) for entry in said(WORDS, PLAIN)]
    kept[0]["digest"] = "0" * 64
    assert verify_chain(kept, 2, kept[1]["hash"]) == "event 1 was changed"
