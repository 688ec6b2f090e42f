"""The voice of the civil servant in a move that the agency proposes; said by the proposal service on its own topic.

Told with reasons, benefit and training before it goes on; concerns answered; a talk that both confirm (S16, J13, J14).
"""

from datetime import date, datetime
from typing import ClassVar

from shared.contracts.proposal import Content
from shared.kernel.decider import Event


class ProposalAnnounced(Event):
    """The person is told of what the agency proposes for them, and may speak until `until` at least."""

    TYPE: ClassVar[str] = "mutasi.proposal.announced.v1"
    case: str
    person: str
    content: Content
    by: str
    benefit: str
    training: str
    until: datetime


class ProposalAgreed(Event):
    """The person agrees with what the agency proposes: the window need not be waited for."""

    TYPE: ClassVar[str] = "mutasi.proposal.agreed.v1"
    case: str
    by: str


class ConcernRaised(Event):
    """The person said what worries them; it is answered before the proposal goes on."""

    TYPE: ClassVar[str] = "mutasi.concern.raised.v1"
    case: str
    concern: int
    by: str
    text: str


class ConcernAnswered(Event):
    """An office answered a concern."""

    TYPE: ClassVar[str] = "mutasi.concern.answered.v1"
    case: str
    person: str
    concern: int
    by: str
    answer: str


class TalkProposed(Event):
    """A talk between an official and the person: when, and about what. Who proposes it has not confirmed it yet."""

    TYPE: ClassVar[str] = "mutasi.talk.proposed.v1"
    case: str
    person: str
    talk: int
    by: str
    on: date
    about: str


class TalkConfirmed(Event):
    """One of the two says that the talk was held; it counts when both have said so."""

    TYPE: ClassVar[str] = "mutasi.talk.confirmed.v1"
    case: str
    talk: int
    by: str


class ProposalHeard(Event):
    """The person was heard on an exchange of seats that the agency orders; the case waits for its partners."""

    TYPE: ClassVar[str] = "mutasi.proposal.heard.v1"
    case: str
    person: str
    group: str
    by: str


EVENTS = (ProposalAnnounced, ProposalAgreed, ConcernRaised, ConcernAnswered, TalkProposed, TalkConfirmed, ProposalHeard)
