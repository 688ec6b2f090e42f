"""A decree that is amended or revoked: the move follows, before and after it happened."""

from datetime import UTC, date, datetime

from shared.contracts.approval import DecreeAmended, DecreeRevoked
from shared.contracts.registry import EmployeeMoved, EmployeeMoveRefused, EmployeeMoveScheduled
from shared.runtime.service import Envelope
from tests.unit.registry.shelf import Shelf, decree, join, seat, town

LATER = datetime(2027, 6, 1, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 30, 16, tzinfo=UTC)  # 00:00 WITA on 1 December
ORIGIN, TARGET = seat("setda", "analyst"), seat("disdukcapil", "analyst")


def hear(shelf: Shelf, event: DecreeAmended | DecreeRevoked) -> None:
    """What the register of decrees says."""
    shelf.hear(event, Envelope("e", event.TYPE, "approval/x", "x", 2, shelf.now))


def amended(day: date, id: str = "d-1") -> DecreeAmended:
    """An amending decree with another effective date."""
    return DecreeAmended(
        case=f"c-{id}", decree=id, amendment=f"{id}-amended-2026-2", person="", agency="palu", year=2026, number=2,
        number_text="2", issued_on=date(2026, 11, 24), was_effective_on=date(2026, 12, 1), effective_on=day,
        consequences=(), reason="serah terima", signatory="ppk", by="p", digest="0",
    )  # fmt: skip


def taken_back(person: str, effective_on: date, id: str = "d-1") -> DecreeRevoked:
    """A revoking decree."""
    return DecreeRevoked(
        case=f"c-{id}", decree=id, code="AUTHORITY", person=person, revocation=f"{id}-revoked", moved=True,
        effective_on=effective_on, origin=ORIGIN, target=TARGET,
    )  # fmt: skip


def test_an_amended_decree_moves_on_its_new_day_only() -> None:
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person))
    event = amended(date(2027, 1, 1)).model_copy(update={"person": person})
    hear(shelf, event)
    hear(shelf, event)
    assert [e.effective_on for e in shelf.of(EmployeeMoveScheduled)] == [date(2026, 12, 1), date(2027, 1, 1)]
    shelf.advance(MIDNIGHT)
    assert not shelf.of(EmployeeMoved)
    shelf.advance(datetime(2026, 12, 31, 16, tzinfo=UTC))
    assert shelf.of(EmployeeMoved)[0].profile.post_since == date(2027, 1, 1)
    late = event.model_copy(update={"effective_on": date(2027, 5, 1), "amendment": "d-1-amended-2027-9"})
    hear(shelf, late)
    hear(shelf, late)
    assert [refused.code for refused in shelf.of(EmployeeMoveRefused)] == ["ALREADY_MOVED"]


def test_a_decree_revoked_after_the_move_brings_the_person_back_on_its_day() -> None:
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person))
    shelf.advance(MIDNIGHT)
    back = taken_back(person, date(2027, 2, 1))
    hear(shelf, back)
    hear(shelf, back)
    shelf.advance(LATER)
    hear(shelf, back)
    moved = shelf.of(EmployeeMoved)
    assert [(e.decree, e.profile.placement) for e in moved] == [
        ("d-1", TARGET),
        ("d-1-revoked", ORIGIN),
    ]
    assert moved[1].profile.post_since == date(2027, 2, 1)


def test_whoever_moved_on_since_is_not_brought_back() -> None:
    """The seat that the decree gave is no longer theirs, so there is nothing to undo."""
    shelf = town()
    person = join(shelf)
    shelf.issued(decree(person))
    shelf.advance(MIDNIGHT)
    hear(shelf, taken_back(person, date(2027, 2, 1)).model_copy(update={"target": ORIGIN}))
    shelf.advance(LATER)
    assert len(shelf.of(EmployeeMoved)) == 1
