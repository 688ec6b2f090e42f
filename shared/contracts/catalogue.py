"""Every event by its type, and the topic of the service that alone may say it."""

from shared.contracts import (
    approval,
    assignments,
    broadcasts,
    contacts,
    contest,
    digests,
    documents,
    evaluation,
    group_decree,
    groups,
    imports,
    inaugurations,
    moves,
    notification,
    objections,
    offers,
    outcomes,
    people,
    plan,
    proposal,
    ranking,
    registry,
    reorganisations,
    reviews,
    rosters,
    signals,
    signatures,
    tasks,
    training,
    voice,
)
from shared.kernel.decider import Event

TOPICS: dict[str, tuple[type[Event], ...]] = {
    "mutasi.registry": (
        *registry.EVENTS,
        *moves.EVENTS,
        *signals.EVENTS,
        *imports.EVENTS,
        *people.OF_REGISTRY,
        *reorganisations.EVENTS,
    ),
    "mutasi.people": people.EVENTS,
    "mutasi.proposal": (
        *proposal.EVENTS,
        *voice.EVENTS,
        *contest.EVENTS,
        *documents.EVENTS,
        *groups.EVENTS,
        *assignments.EVENTS,
        *plan.ANSWERS,
    ),
    "mutasi.evaluation": (
        *evaluation.EVENTS,
        *ranking.EVENTS,
        *plan.EVENTS,
        *reviews.EVENTS,
        *training.EVENTS,
        *outcomes.EVENTS,
    ),
    "mutasi.approval": (
        *approval.EVENTS,
        *tasks.EVENTS,
        *objections.EVENTS,
        *signatures.EVENTS,
        *group_decree.EVENTS,
        *inaugurations.EVENTS,
        *rosters.EVENTS,
    ),
    "mutasi.notification": (*notification.EVENTS, *digests.EVENTS, *broadcasts.EVENTS, *contacts.EVENTS),
    offers.VacancyOfferRefused.TOPIC: offers.EVENTS,
}

BY_TYPE: dict[str, type[Event]] = {event.TYPE: event for events in TOPICS.values() for event in events}
TOPIC_OF: dict[str, str] = {event.TYPE: topic for topic, events in TOPICS.items() for event in events}
