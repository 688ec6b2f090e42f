"""The service as the runtime gets it is whole: topics, deciders, effects."""

from services.notification.app import SERVICE
from services.notification.domain.ladder import CHAT
from shared.contracts.catalogue import TOPIC_OF, TOPICS


def test_the_service_reads_what_it_routes_and_can_do_what_it_decides() -> None:
    assert set(SERVICE.reads) <= set(TOPICS)
    assert {TOPIC_OF[type] for type in SERVICE.routes.by_type} == set(SERVICE.reads)
    kinds = {f"{channel}{kind}" for channel in ("email", *CHAT) for kind in ("", "_legal")}
    assert set(SERVICE.effects) == {*kinds, "record", "fan_out"}
    deciders = {"messages", "desks", "preferences", "errands", "digests", "broadcasts", "contacts"}
    assert {decider.name for decider in SERVICE.deciders} == deciders
