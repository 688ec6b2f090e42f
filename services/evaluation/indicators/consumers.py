"""Which event the indicators hear: analyses, surveys, objections, comments, and cases that ended without a move."""

from collections.abc import Iterable

from services.evaluation.domain.case import ZONE
from services.evaluation.indicators.facts import (
    Commented,
    Ended,
    Needed,
    Objected,
    Surveyed,
    needed_id,
    surveyed_id,
)
from services.evaluation.plan.consumers import routes
from shared.contracts.need import NeedAssessed
from shared.contracts.objections import ObjectionAnswered, ObjectionFiled
from shared.contracts.proposal import ProposalRefused, ProposalSubmitted, ProposalWithdrawn
from shared.contracts.signals import UnitSurveyed
from shared.contracts.tasks import CaseCommented
from shared.runtime.service import Envelope, Learn

__all__ = ["routes"]
WORKLOAD = "workload"


@routes.on(NeedAssessed)
def needed(event: NeedAssessed) -> Iterable[Learn]:
    """What a post needs by its analysis; a need that a signal raised rests on the same figures."""
    if event.basis == WORKLOAD:
        yield Learn(Needed, needed_id(event.post, event.year), Needed.model_validate(event.model_dump()))


@routes.on(UnitSurveyed)
def surveyed(event: UnitSurveyed) -> Iterable[Learn]:
    """What a unit answered in a month."""
    yield Learn(Surveyed, surveyed_id(event.unit, event.month), Surveyed.model_validate(event.model_dump()))


@routes.on(ProposalRefused)
def refused(event: ProposalRefused, envelope: Envelope) -> Iterable[Learn]:
    """A refusal, and whether it named a rule or code; an official's needs words of their own as well."""
    reasoned = bool(event.codes) and (event.stage != "approval" or bool(event.reason))
    on = envelope.time.astimezone(ZONE.info).date()
    yield Learn(Ended, event.case, Ended(how="refused", stage=event.stage, reasoned=reasoned, on=on))


@routes.on(ProposalWithdrawn)
def withdrawn(event: ProposalWithdrawn, envelope: Envelope) -> Iterable[Learn]:
    """Taken back."""
    yield Learn(Ended, event.case, Ended(how="withdrawn", on=envelope.time.astimezone(ZONE.info).date()))


@routes.on(ProposalSubmitted)
def reopened(event: ProposalSubmitted) -> Iterable[Learn]:
    """A case that ended and goes on, by a human's word or with an offered seat, has not ended."""
    if event.attempt > 1:
        yield Learn(Ended, event.case, None)


@routes.on(ObjectionFiled)
def filed(event: ObjectionFiled) -> Iterable[Learn]:
    """Somebody objects to a decree."""
    yield Learn(Objected, f"{event.objection}/filed", Objected(agency=event.agency, step="filed", on=event.filed_on))


@routes.on(ObjectionAnswered)
def answered(event: ObjectionAnswered) -> Iterable[Learn]:
    """What the authority answered."""
    said = Objected(agency=event.agency, step=event.outcome, on=event.answered_on)
    yield Learn(Objected, f"{event.objection}/answer", said)


@routes.on(CaseCommented)
def commented(event: CaseCommented, envelope: Envelope) -> Iterable[Learn]:
    """Somebody had a word on a case."""
    yield Learn(Commented, envelope.id, Commented(case=event.case, on=event.at.astimezone(ZONE.info).date()))
