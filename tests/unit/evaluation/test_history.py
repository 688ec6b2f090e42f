"""An evaluation repeated from what is stored: as it stood then, bit for bit; a change of what is stored shows."""

from typing import Any

from services.evaluation.domain.history import Told, repeated
from shared.contracts.approval import ApprovalGranted
from shared.contracts.evaluation import EvaluationCompleted
from shared.kernel.decider import Event
from tests.unit.evaluation.cases import BOOKS, RINA, changed, decide, evaluated, facts


def told(*events: Event) -> list[Told]:
    """As they were said, a day apart."""
    return [Told(f"2026-11-{day}T05:00:00.000000Z", event) for day, event in enumerate(events, 23)]


def story(**profile: Any) -> tuple[EvaluationCompleted, Event]:
    """Rina's evaluation, and the re-check when the chain is through."""
    first, state = evaluated()
    (second,), _ = decide(state, ApprovalGranted(case="c-1", attempt=1), facts(changed(RINA, **profile)))
    return first, second


def test_nothing_was_said_by_then() -> None:
    assert repeated([], BOOKS) is None


def test_as_it_was_said() -> None:
    first, _ = story()
    found = repeated(told(first), BOOKS)
    assert found is not None
    assert (found.event, found.standing, found.identical) == (first, "completed", True)


def test_as_it_stood_after_the_re_check() -> None:
    found = repeated(told(*story()), BOOKS)
    assert found is not None
    assert (found.standing, found.identical, found.event.eligible) == ("confirmed", True, True)


def test_as_it_stood_when_overturned_with_the_facts_of_then() -> None:
    first, second = story(under_process=True)
    found = repeated(told(first, second), BOOKS)
    assert found is not None
    assert (found.standing, found.identical, found.event.eligible) == ("overturned", True, False)
    assert found.event.facts == second.facts  # type: ignore[attr-defined]
    assert found.said_at.startswith("2026-11-24")


def test_a_changed_answer_shows() -> None:
    first, _ = story()
    better = first.model_copy(update={"score": first.score.model_copy(update={"total": 10_000})})
    found = repeated(told(better), BOOKS)
    assert found is not None
    assert not found.identical
    assert found.event.score == first.score


def test_changed_facts_show() -> None:
    first, second = story()
    facts_then: dict[str, Any] = {**second.facts, "seen": {}}  # type: ignore[attr-defined]
    found = repeated(told(first, second.model_copy(update={"facts": facts_then})), BOOKS)
    assert found is not None
    assert not found.identical
