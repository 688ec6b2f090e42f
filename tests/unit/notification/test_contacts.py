"""Chat addresses: shown to be theirs by a code, never in an event, forgotten with the person."""

from datetime import timedelta

import pytest

from services.notification.consumers import routes
from services.notification.domain.contacts import (
    CONTACTS,
    VALID,
    AddContact,
    ConfirmContact,
    RemoveContact,
    TryContact,
    address,
    book_id,
    digest,
)
from services.notification.domain.facts import Addresses, Contacts
from services.notification.domain.ladder import CHAT
from services.notification.domain.preferences import PREFERENCES, ChangePreferences
from shared.contracts.contacts import Contact, ContactAdded, ContactRemoved, ContactVerified
from shared.contracts.people import PersonForgotten
from shared.kernel.decider import Refused
from shared.runtime.service import Envelope, Learn
from tests.unit.notification.samples import NOW, Run


def added(channel: str = "telegram", name: str = "k1") -> tuple[Run, ContactAdded]:
    run = Run(CONTACTS, book_id("p901"))
    [said] = run.tell(AddContact(channel=channel, contact=name, digest=digest("ABCDE-FGHIJ")))
    assert isinstance(said, ContactAdded)
    return run, said


def test_an_address_is_theirs_once_they_tell_the_code() -> None:
    run, said = added()
    assert (said.n, said.until, run.state.verified) == (1, NOW + VALID, {})
    with pytest.raises(Refused, match="WRONG_CODE"):
        run.tell(ConfirmContact(channel="telegram", code="ABCDE-FGHIK"))
    [verified] = run.tell(ConfirmContact(channel="telegram", code=" abcde fghij "))
    assert isinstance(verified, ContactVerified)
    assert verified.verified == {"telegram": Contact(contact="k1", n=1)}
    with pytest.raises(Refused, match="WRONG_CODE"):
        run.tell(ConfirmContact(channel="telegram", code="ABCDE-FGHIJ"))


def test_a_code_is_good_for_a_day_and_for_its_channel() -> None:
    run, _ = added()
    with pytest.raises(Refused, match="WRONG_CODE"):
        run.tell(ConfirmContact(channel="matrix", code="ABCDE-FGHIJ"))
    with pytest.raises(Refused, match="WRONG_CODE"):
        run.tell(ConfirmContact(channel="telegram", code="ABCDE-FGHIJ"), time=NOW + timedelta(hours=24))


def test_a_new_address_leaves_the_old_one_in_use_until_it_is_confirmed() -> None:
    run, _ = added()
    run.tell(ConfirmContact(channel="telegram", code="ABCDE-FGHIJ"))
    run.tell(AddContact(channel="telegram", contact="k2", digest=digest("22222-22222")))
    assert run.state.verified["telegram"].contact == "k1"
    run.tell(ConfirmContact(channel="telegram", code="2222222222"))
    assert run.state.verified["telegram"] == Contact(contact="k2", n=2)
    [removed] = run.tell(RemoveContact(channel="telegram"))
    assert isinstance(removed, ContactRemoved)
    assert (removed.verified, run.tell(RemoveContact(channel="telegram"))) == ({}, [])


def test_only_what_is_verified_is_tried_or_chosen() -> None:
    run, _ = added()
    with pytest.raises(Refused, match="NOT_VERIFIED"):
        run.tell(TryContact(channel="telegram"))
    assert len(run.tell(TryContact(channel="email"))) == 1
    wish = ChangePreferences(channels=("telegram", "email"))
    with pytest.raises(Refused, match="NOT_VERIFIED"):
        Run(PREFERENCES, "p901").tell(wish)
    contacts = Contacts(verified={"telegram": Contact(contact="k1", n=1)})
    chooser = Run(PREFERENCES, "p901", facts={("contacts", "p901"): contacts})
    chooser.tell(wish)
    assert chooser.state.wishes.channels == ("telegram", "email")
    with pytest.raises(Refused, match="NO_SUCH_PREFERENCE"):
        chooser.tell(ChangePreferences(channels=("telegram", "telegram")))


@pytest.mark.parametrize(
    ("channel", "said", "kept"),
    [
        ("whatsapp", " 0812-0000-0901", "+6281200000901"),
        ("whatsapp", "+62 812 0000 0901", "+6281200000901"),
        ("telegram", "900000001", "900000001"),
        ("matrix", "@siti:asn.test", "@siti:asn.test"),
        ("apprise", "siti", "siti"),
    ],
)
def test_addresses_are_kept_as_the_provider_wants_them(channel: str, said: str, kept: str) -> None:
    assert address(channel, said) == kept


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("whatsapp", "812"),
        ("telegram", "-100900000001"),  # a group: others would read it
        ("telegram", "@siti"),
        ("matrix", "siti"),
        ("matrix", "@siti:asn.test/../x"),
        ("apprise", "siti/../../x"),
        ("apprise", "{address}"),
    ],
)
def test_what_is_no_address_is_refused(channel: str, said: str) -> None:
    with pytest.raises(Refused, match="BAD_CONTACT"):
        address(channel, said)


def test_a_forgotten_person_has_no_address_left() -> None:
    run, _ = added()
    run.tell(ConfirmContact(channel="telegram", code="ABCDE-FGHIJ"))
    event = PersonForgotten(person="p901")
    [removed] = run.tell(event, "e9")
    assert isinstance(removed, ContactRemoved)
    assert (removed.verified, run.state.verified, run.tell(event, "e10")) == ({}, {}, [])
    envelope = Envelope(id="e9", type=event.TYPE, source="s", aggregate="p901", sequence=2, time=NOW)
    told = [found for route in routes.by_type[event.TYPE][1] for found in route(event, envelope)]
    erased = {one.id for one in told if isinstance(one, Learn) and one.fact is Addresses and one.value is None}
    assert erased == {f"p901:{channel}" for channel in CHAT}


def test_a_book_never_has_the_id_of_the_same_persons_preferences() -> None:
    """The ids of events come from service, aggregate and number: the second of two would be taken for a repeat."""
    run, said = added()
    assert run.id != PREFERENCES.initial("p901").person
    assert (said.person, said.key) == ("p901", "p901")
