"""The sixteen bugs, two of which are decisions of the transfer; and five rules of its domain taken out."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from services.approval.consumers import routes
from services.approval.deciders import DECREES
from services.approval.domain import duties
from services.approval.domain.decrees import decrees_of
from services.approval.domain.facts import Proposal
from services.proposal.domain.seats import Seats, register
from services.proposal.domain.state import Case
from shared.contracts.approval import ApprovalGranted
from shared.contracts.proposal import ProposalApproved, ProposalSubmitted, SeatRefused, SeatReserved
from shared.kernel.decider import Decider, Event, Facts, Message
from shared.runtime.service import Learn, To
from tests.support.sim.planted import BUGS, Bug, Patch
from tests.support.sim.transfer_bench import K1, SHORT


def _hasty(decider: Decider[Any]) -> Decider[Any]:
    """The register of decrees that does not wait for the proposal's word."""

    def decide(state: Any, message: Message, facts: Facts) -> list[Event]:
        body = message.body
        if not isinstance(body, ApprovalGranted):
            return decider.decide(state, message, facts)
        content = facts.need(Proposal, body.case).content
        approved = ProposalApproved(case=body.case, attempt=body.attempt, content=content)
        return decider.decide(state, replace(message, body=approved), facts)

    return replace(decider, decide=decide)


def _to_register(event: ApprovalGranted, _source: Any) -> Iterator[To | Learn]:
    yield To(DECREES, decrees_of(event.agency))


def _decree_at_once() -> tuple[Patch, ...]:
    event, known = routes.by_type[ApprovalGranted.TYPE]
    heard = {ApprovalGranted.TYPE: (event, [*known, _to_register])}
    benches = [_in(bench.deciders, {"decrees": _hasty(bench.deciders["decrees"])}) for bench in (SHORT, K1)]
    return (_in(routes.by_type, heard), *benches)


def _in(table: Mapping[Any, Any], new: Mapping[Any, Any]) -> Patch:
    return lambda: patch.dict(table, new)


def _of(owner: object, name: str, new: Callable[..., Any] | property) -> Patch:
    return lambda: patch.object(owner, name, new)


def _grant_again(state: Seats, event: ProposalSubmitted) -> list[Event]:
    """Whoever is heard again is answered again."""
    about = {"vacancy": state.vacancy, "case": event.case, "attempt": event.attempt}
    if state.used < (state.quota or 0):
        return [SeatReserved.model_validate(about)]
    return [SeatRefused.model_validate({**about, "code": "FORMASI_PENUH"})]


SIXTEEN = (
    *BUGS,
    Bug("decree without asking the proposal", _decree_at_once()),
    Bug("a register grants twice", (_in(register.HANDLERS, {ProposalSubmitted: _grant_again}),)),
)
RULES = (
    Bug("a relative may decide", (_of(duties, "party", lambda *_: False),)),
    Bug("one official decides twice", (_of(duties, "_separate", lambda *_: None),)),
    Bug("seats without end", (_of(Seats, "used", property(lambda _: 0)),)),
    Bug("an offered seat is given away", (_of(Seats, "free", property(lambda state: state.there - state.used)),)),
    Bug("approved without a re-check", (_of(Case, "parts", property(lambda _: ("granted", "reserved"))),)),
)
