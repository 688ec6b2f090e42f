"""Who may come in, and what the pages of the list look like."""

from typing import Any

import pytest

from services.notification.api import _cursor, _place, router
from services.notification.broadcast_api import router as broadcasts
from services.notification.contacts_api import hooks
from services.notification.contacts_api import router as contacts
from services.notification.domain.entry import Entry
from services.notification.domain.errands import Errand
from services.notification.flow_api import router as many
from services.notification.people_api import router as people
from services.notification.policy import POLICY
from services.notification.store import Place
from shared.kernel.decider import Actor, Office, Refused
from shared.runtime.service import Asked
from tests.unit.notification.samples import DAY

OWN = Entry(message="m:1", status="failed", person="p901")
OFFICE = Office(office="operator", agency="a1", since=DAY)
ACTORS = {
    "nobody": Actor(login="x"),
    "owner": Actor(login="o", person="p901"),
    "other": Actor(login="p", person="p902"),
    "operator": Actor(login="q", person="p909", offices=(OFFICE,)),
    "former": Actor(login="r", person="p910", offices=(OFFICE.model_copy(update={"until": DAY}),)),
    "admin": Actor(login="s", admin=True),
}
OWN_CONTACTS = ("contact.list", "contact.add", "contact.confirm", "contact.remove", "contact.test")
MAY = {
    "message.list": {"owner", "other", "operator", "former", "admin"},
    "message.read": {"owner", "operator", "admin"},
    "message.resend": {"operator", "admin"},
    "message.cancel": {"operator", "admin"},
    "message.see": {"owner"},
    "message.bulk": {"operator", "admin"},
    "broadcast.draft": {"operator", "admin"},
    "broadcast.read": {"operator", "admin"},
    "broadcast.count": {"operator", "admin"},
    "broadcast.release": {"operator", "admin"},
    "channel.list": {"operator", "admin"},
    "channel.pause": {"operator", "admin"},
    "channel.resume": {"operator", "admin"},
    "preferences.read": {"owner", "other", "operator", "former"},
    "preferences.change": {"owner", "other", "operator", "former"},
    **{
        f"contact.{what}": {"owner", "other", "operator", "former"}
        for what in ("list", "add", "confirm", "remove", "test")
    },
    "hook.whatsapp.begin": set(ACTORS),
    "hook.whatsapp": set(ACTORS),
    "bounce.take": {"operator", "admin"},
    "template.list": {"operator", "admin"},
    "template.read": {"operator", "admin"},
}


@pytest.mark.parametrize("route", MAY)
def test_each_door_opens_to_whom_it_should(route: str) -> None:
    opened = {name for name, actor in ACTORS.items() if POLICY[route](Asked(actor, DAY, OWN))}
    assert opened == MAY[route]


def test_errands_are_done_by_the_personnel_office_of_the_persons_agency() -> None:
    here = Office(office="personnel_verifier", agency="a1", since=DAY)
    there = here.model_copy(update={"agency": "a2"})
    clerks = {
        "here": Actor(login="k", person="p920", offices=(here,)),
        "there": Actor(login="l", person="p921", offices=(there,)),
        "not any more": Actor(login="m", person="p922", offices=(here.model_copy(update={"until": DAY}),)),
        **ACTORS,
    }
    errand = Errand(errand="deliver:m:1", status="open", agency="a1")
    for route, opened in (
        ("errand.list", {"here", "there", "operator", "admin"}),
        ("errand.finish", {"here", "operator", "admin"}),
    ):
        assert {name for name, actor in clerks.items() if POLICY[route](Asked(actor, DAY, errand))} == opened
    assert not POLICY["errand.finish"](Asked(clerks["there"], DAY, Errand(errand="x", status="open")))


def test_a_message_of_nobody_belongs_to_nobody() -> None:
    unknown = Entry(message="m:2")
    assert not POLICY["message.read"](Asked(ACTORS["nobody"], DAY, unknown))


def test_every_route_has_a_rule_and_every_rule_a_route() -> None:
    routers = (router, people, many, broadcasts, contacts, hooks)
    names: set[Any] = {getattr(route, "name", "") for one in routers for route in one.routes}
    assert names == set(POLICY)


def test_a_cursor_leads_back_to_its_place_and_a_foreign_one_is_refused() -> None:
    cursor = _cursor({"queued_at": "2026-11-24T03:00:00Z", "id": "m:1"})
    assert _place(cursor) == Place("2026-11-24T03:00:00Z", "m:1")
    assert _place("") is None
    for foreign in ("x", "====", "eA==", "é", "a" * 199):
        with pytest.raises(Refused, match="BAD_CURSOR"):
            _place(foreign)
