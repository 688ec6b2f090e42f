"""The service as the runtime gets it is whole: topics, deciders, effects."""

from collections import defaultdict
from importlib import import_module
from pkgutil import iter_modules

from starlette.routing import Match

from services.notification.app import SERVICE
from services.notification.domain.ladder import CHAT
from services.notification.domain.rules import rules
from services.portal import pages as portal
from shared.contracts.catalogue import TOPIC_OF, TOPICS


def test_the_service_reads_what_it_routes_and_can_do_what_it_decides() -> None:
    assert set(SERVICE.reads) <= set(TOPICS)
    assert {TOPIC_OF[type] for type in SERVICE.routes.by_type} == set(SERVICE.reads)
    kinds = {f"{channel}{kind}" for channel in ("email", *CHAT) for kind in ("", "_legal")}
    assert set(SERVICE.effects) == {*kinds, "record", "fan_out"}
    deciders = {"messages", "desks", "preferences", "errands", "digests", "broadcasts", "contacts"}
    assert {decider.name for decider in SERVICE.deciders} == deciders


def test_every_link_in_a_message_leads_to_a_page_of_the_portal() -> None:
    names = [name for _, name, _ in iter_modules(portal.__path__)]
    routes = [route for name in names for route in import_module(f"{portal.__name__}.{name}").router.routes]
    pages = {row.page.format_map(defaultdict(lambda: "x")) for row in rules().tell}
    asked = [{"type": "http", "method": "GET", "path": f"/{page}", "root_path": ""} for page in pages]
    lost = [one["path"] for one in asked if not any(route.matches(one)[0] is Match.FULL for route in routes)]
    assert lost == []
