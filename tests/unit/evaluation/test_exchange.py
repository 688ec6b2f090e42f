"""A seat taken from a partner: judged by what the post demands, and watched until the proposal is approved."""

from services.evaluation.domain.facts import Employee, Post
from shared.contracts.approval import ApprovalGranted
from shared.contracts.evaluation import (
    EvaluationClosed,
    EvaluationCompleted,
    EvaluationConfirmed,
    EvaluationOverturned,
)
from shared.contracts.proposal import ProposalApproved, ProposalSubmitted
from shared.kernel.decider import FactChanged, Facts
from tests.unit.evaluation.cases import DECIDER, DUKCAPIL, RINA, SEAT, changed, decide, facts, submission


def exchange() -> ProposalSubmitted:
    """Rina's part of a swap: no vacancy."""
    said = submission()
    content = said.content.model_copy(update={"vacancy": "", "group": "g-1", "partners": ("p-budi",)})
    return said.model_copy(update={"case": "g-1-1", "content": content})


def known(**profile: object) -> Facts:
    """What the post demands is known of the post itself."""
    copies = facts(changed(RINA, **profile))
    return Facts({**copies._loaded, (Post.KIND, DUKCAPIL.post): Post(sought=SEAT)})


def test_it_is_judged_by_the_post() -> None:
    (event,), state = decide(DECIDER.initial("g-1-1"), exchange(), known())
    assert isinstance(event, EvaluationCompleted)
    assert (event.eligible, event.vacancy, event.group, state.target) == (True, "", "g-1", DUKCAPIL)
    (event,), _ = decide(DECIDER.initial("g-1-1"), exchange(), known(rank="III/b"))
    assert isinstance(event, EvaluationCompleted)
    assert not event.eligible


def test_it_stays_watched_after_it_was_confirmed_until_the_approval() -> None:
    """Story 5: an examination that begins while partners are still waited for is not missed."""
    _, state = decide(DECIDER.initial("g-1-1"), exchange(), known())
    granted = ApprovalGranted(case="g-1-1", attempt=1)
    (confirmed,), state = decide(state, granted, known())
    assert isinstance(confirmed, EvaluationConfirmed)
    assert decide(state, granted, known())[0] == []
    change = FactChanged(kind=Employee.KIND, id="p-rina")
    (overturned,), _ = decide(state, change, known(under_process=True))
    assert isinstance(overturned, EvaluationOverturned)
    approved = ProposalApproved(case="g-1-1", attempt=1, content=exchange().content)
    (closed,), state = decide(state, approved, known())
    assert isinstance(closed, EvaluationClosed)
    assert decide(state, change, known(under_process=True))[0] == []
