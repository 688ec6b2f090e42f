"""The members of a group move on one date, or none of them does (I6)."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from services.registry.domain import PEOPLE, TOGETHER
from services.registry.domain.person import UpdatePerson
from shared.contracts.approval import DecreeAmended, DecreeIssued, DecreeRevoked
from shared.contracts.group_decree import DecreeGroupIssued
from shared.contracts.moves import EmployeeMoveReady, GroupMoveAsked, GroupMoveOrdered, GroupMoveRefused
from shared.contracts.registry import EmployeeMoved, EmployeeMoveRefused, Placement
from shared.kernel.decider import Event, Message, NotYet
from shared.runtime.service import Envelope
from tests.unit.registry.shelf import NIP, Shelf, decree, join, post, seat, town

GROUP = "g-1"
OTHER = "198502022010011901"
THIRD = "198603032011011902"
MIDNIGHT = datetime(2026, 11, 30, 16, tzinfo=UTC)  # 00:00 WITA on 1 December
AFTER = datetime(2026, 12, 2, tzinfo=UTC)


def tell(shelf: Shelf, event: Event, source: str = "approval/decrees:palu", sequence: int = 1) -> None:
    """The approval says so."""
    shelf.hear(event, Envelope("e", event.TYPE, source, event.key, sequence, shelf.now))


def paper(number: int, person: str, origin: Placement, target: Placement) -> DecreeIssued:
    """The paper of one member."""
    about = {"case": f"{GROUP}-{number}", "group": GROUP, "number": number}
    return decree(person, f"sk-{number}", origin, target).model_copy(update=about)


def decreed(shelf: Shelf, *papers: DecreeIssued) -> None:
    """One decree event for the group, and each case's own paper."""
    tell(shelf, DecreeGroupIssued(group=GROUP, agency="palu", papers=papers))
    for one in papers:
        tell(shelf, one, f"approval/{one.case}")


def swap(code: str = "head") -> tuple[Shelf, dict[str, Placement]]:
    """Two people at two posts of that name, who are to exchange them; the seat each is to have."""
    shelf = town()
    here, there = seat("setda", code), seat("disdukcapil", code)
    one, two = join(shelf, unit="setda", code=code), join(shelf, OTHER, unit="disdukcapil", code=code)
    decreed(shelf, paper(1, one, here, there), paper(2, two, there, here))
    return shelf, {one: there, two: here}


def places(shelf: Shelf, people: dict[str, Placement]) -> dict[str, Placement]:
    """Where they sit."""
    return {person: shelf.state(PEOPLE, person).profile.placement for person in people}


@pytest.mark.parametrize("code", ["head", "analyst"])
def test_two_exchange_their_seats_at_midnight(code: str) -> None:
    """Also two heads, of whose posts each may have one holder only (I1): nobody waits for the other."""
    shelf, wanted = swap(code)
    before = places(shelf, wanted)
    shelf.advance(MIDNIGHT.replace(hour=15, minute=59))
    assert places(shelf, wanted) == before
    shelf.advance(MIDNIGHT)
    assert places(shelf, wanted) == wanted
    moves = shelf.of(EmployeeMoved)
    assert [(move.effective_on, move.case) for move in moves] == [(date(2026, 12, 1), f"{GROUP}-{n}") for n in (1, 2)]
    assert [move.left for move in moves] == [before[move.person] for move in moves]
    sole = {person: shelf.state(PEOPLE, person).sole_seat for person in wanted}
    assert sole == {person: place.post if code == "head" else "" for person, place in wanted.items()}


def test_a_chain_into_an_empty_seat() -> None:
    shelf = town()
    empty, here, there = seat("setda", "old"), seat("setda", "head"), seat("disdukcapil", "head")
    one, two = join(shelf, unit="setda", code="head"), join(shelf, OTHER, unit="disdukcapil", code="head")
    decreed(shelf, paper(1, one, here, empty), paper(2, two, there, here))
    shelf.advance(AFTER)
    wanted = {one: empty, two: here}
    assert places(shelf, wanted) == wanted


def test_three_in_a_ring() -> None:
    shelf = town()
    post(shelf, "setda", "second", kind="administrator", seats=1)
    seats = [seat("setda", "head"), seat("disdukcapil", "head"), seat("setda", "second")]
    people = [
        join(shelf, nip, unit=unit, code=code)
        for nip, unit, code in ((NIP, "setda", "head"), (OTHER, "disdukcapil", "head"), (THIRD, "setda", "second"))
    ]
    ahead = [*seats[1:], seats[0]]
    decreed(shelf, *(paper(n, *row) for n, row in enumerate(zip(people, seats, ahead, strict=True), 1)))
    shelf.advance(AFTER)
    wanted = dict(zip(people, ahead, strict=True))
    assert places(shelf, wanted) == wanted


def suspend(shelf: Shelf, person: str) -> None:
    """Not active any more."""
    shelf.send(PEOPLE, person, UpdatePerson(status="suspended"))


def retire(shelf: Shelf, person: str) -> None:
    """Retires on the very day (E04)."""
    shelf.send(PEOPLE, person, UpdatePerson(retires_on=date(2026, 12, 1)))


@pytest.mark.parametrize(("spoil", "code"), [(suspend, "PERSON_NOT_ACTIVE"), (retire, "USIA_BUP")])
@pytest.mark.parametrize("which", [0, 1])
def test_one_who_cannot_move_keeps_all_where_they_are(
    spoil: Callable[[Shelf, str], None], code: str, which: int
) -> None:
    shelf, wanted = swap()
    before = places(shelf, wanted)
    spoil(shelf, list(wanted)[which])
    shelf.advance(AFTER)
    assert places(shelf, wanted) == before
    assert not shelf.of(EmployeeMoved)
    refused = shelf.of(EmployeeMoveRefused)
    assert sorted(event.person for event in refused) == sorted(wanted)
    # Of the other they only hear that it is over.
    assert [event.code for event in refused if event.person == list(wanted)[which]] == [code]
    assert sorted(event.code for event in refused) == sorted([code, "MITRA_MUNDUR"])
    assert [event.code for event in shelf.of(GroupMoveRefused)] == [code]
    active = [person for person in wanted if shelf.state(PEOPLE, person).profile.status == "active"]
    assert [shelf.state(PEOPLE, person).sole_seat for person in active] == [before[p].post for p in active]


def test_an_abolished_post_stops_all() -> None:
    shelf, wanted = swap("analyst")
    post(shelf, "disdukcapil", "analyst", kind="functional", seats=0, retirement_age=58)
    before = places(shelf, wanted)
    shelf.advance(AFTER)
    assert (places(shelf, wanted), shelf.of(EmployeeMoved)) == (before, [])


def test_what_is_repeated_changes_nothing() -> None:
    shelf, wanted = swap()
    shelf.advance(AFTER)
    said = len(shelf.events)
    shelf.reread(0)
    decreed(shelf, *(paper(n, person, wanted[person], wanted[person]) for n, person in enumerate(wanted, 1)))
    assert len(shelf.events) == said
    assert places(shelf, wanted) == wanted


def test_a_revoked_decree_moves_nobody() -> None:
    shelf, wanted = swap()
    before = places(shelf, wanted)
    first = next(iter(wanted))
    said = DecreeRevoked(
        case=f"{GROUP}-1", decree="sk-1", code="AUTHORITY", person=first, revocation="sk-1-revoked", group=GROUP
    )
    with pytest.raises(NotYet, match=f"group_move/{GROUP}"):
        tell(shelf, said)  # the person waits until the group has said so
    shelf.decide(TOGETHER, GROUP, _message(said, shelf))
    tell(shelf, said)
    shelf.advance(AFTER)
    assert places(shelf, wanted) == before
    assert {event.code for event in shelf.of(EmployeeMoveRefused)} == {"DECREE_REVOKED"}
    assert len(shelf.of(EmployeeMoveRefused)) == 2


def test_an_amended_date_moves_the_day_of_all() -> None:
    shelf, wanted = swap()
    for n, person in enumerate(wanted, 1):
        tell(shelf, _amended(n, person), sequence=n)
    shelf.advance(AFTER)
    assert not shelf.of(GroupMoveAsked)
    shelf.advance(datetime(2026, 12, 31, 16, tzinfo=UTC))
    assert places(shelf, wanted) == wanted
    assert {event.effective_on for event in shelf.of(EmployeeMoved)} == {date(2027, 1, 1)}


def test_an_amendment_that_only_some_have_heard_of_stops_all() -> None:
    """The other's is still on its way when the day comes: nobody moves on a date that is not theirs."""
    shelf, wanted = swap()
    first = next(iter(wanted))
    said = _amended(1, first).model_copy(update={"group": ""})
    tell(shelf, said)
    shelf.advance(AFTER)
    assert not shelf.of(EmployeeMoved)
    assert {event.code for event in shelf.of(EmployeeMoveRefused)} == {"TMT_CHANGED", "MITRA_MUNDUR"}


def _amended(number: int, person: str) -> DecreeAmended:
    return DecreeAmended(
        case=f"{GROUP}-{number}",
        decree=f"sk-{number}",
        amendment=f"sk-{number}-amended-2026-{number}",
        person=person,
        agency="palu",
        year=2026,
        number=number,
        number_text="x",
        issued_on=date(2026, 11, 23),
        was_effective_on=date(2026, 12, 1),
        effective_on=date(2027, 1, 1),
        consequences=(),
        reason="serah terima belum selesai",
        signatory="ppk",
        by="p",
        digest="0" * 64,
        group=GROUP,
    )


def test_i6_each_round_is_asked_once_and_all_are_ready_before_anybody_is_told() -> None:
    shelf, _ = swap()
    shelf.advance(AFTER)
    kinds = (GroupMoveAsked, EmployeeMoveReady, GroupMoveOrdered, EmployeeMoved)
    order = [type(event) for event in shelf.events if isinstance(event, kinds)]
    assert order == [
        GroupMoveAsked,
        EmployeeMoveReady,
        EmployeeMoveReady,
        GroupMoveOrdered,
        EmployeeMoved,
        EmployeeMoved,
    ]


def test_a_third_person_on_a_seat_that_was_let_go_of_is_waited_for() -> None:
    """The only window: the move is held, not half done, and goes on when the seat is free."""
    shelf, wanted = swap()
    state, ordered = shelf.state(PEOPLE, next(iter(wanted))), GroupMoveOrdered(group=GROUP, members=())
    with pytest.raises(NotYet, match="seat/"):
        PEOPLE.conflict(state, _message(ordered, shelf), "sole_seat")


def _message(event: Event, shelf: Shelf) -> Message:
    return Message(body=event, id="m", time=shelf.now)
