"""Opening from two sources, terms, opinions, what follows what, attempts that come again."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from services.approval.domain import Case, Claim, Decide, Proposal, make_cases
from services.approval.domain.chain import NoChain
from shared.contracts.approval import (
    ApprovalGranted,
    ApprovalRefused,
    ApprovalReturned,
    CaseOpened,
    TaskDecided,
    TaskEscalated,
    TaskQueued,
    TaskReleased,
)
from shared.kernel.decider import Frozen, NotYet, Refused
from tests.unit.approval.kit import (
    CHAINS,
    CONTENT,
    OFFICIALS,
    STAGES,
    bench,
    evaluation,
    facts,
    no_move,
    opened,
    returned,
    say,
    task,
    through,
    withdrawn,
)
from tests.unit.proposal.bench import NOW, Bench
from tests.unit.proposal.kit import (
    actor,
    office,
)


def test_a_case_opens_with_its_plan_and_first_task() -> None:
    case = bench()
    begun, queued = case.tell(evaluation())
    assert isinstance(begun, CaseOpened)
    assert isinstance(queued, TaskQueued)
    assert (begun.chain, begun.version, begun.stages) == ("K1", "2026.1", tuple(STAGES))
    assert (queued.task, queued.office, queued.unit) == ("c-1.1.1", "direct_superior", "setda")
    # 23 Nov + 5 working days = 30 Nov, its last millisecond in WITA
    assert queued.due == datetime(2026, 11, 30, 15, 59, 59, 999_000, tzinfo=UTC)
    assert case.state.model_dump(mode="json")["task"]["due"] == "2026-11-30T15:59:59.999000Z"


def _deliver(case: Bench[Case], what: str, held: list[Frozen]) -> None:
    """One arrival, as the runtime does it: a fact is learned, what comes too early is held."""
    if what == "submission":
        case.facts[Proposal.KIND, "c-1"] = Proposal(attempt=1, content=CONTENT, receipt="MT-1")
    else:
        held.append(evaluation() if what == "evaluation" else withdrawn())
    for body in list(held):
        try:
            case.tell(body)
        except NotYet:
            continue
        held.remove(body)


@pytest.mark.parametrize("order", list(permutations(["submission", "evaluation", "withdrawal"])))
def test_e14_two_sources_and_a_withdrawal_in_any_order_leave_no_task(order: tuple[str, ...]) -> None:
    case = bench()
    del case.facts[Proposal.KIND, "c-1"]
    held: list[Frozen] = []
    for what in order:
        _deliver(case, what, held)
    assert (case.state.status, case.state.ended, case.state.task, held) == ("closed", True, None, [])
    assert case.state.person == "p-rina"  # who may read that it is closed


@pytest.mark.parametrize("order", list(permutations(["submission", "evaluation"])))
def test_either_order_of_the_two_sources_opens_the_same_case(order: tuple[str, ...]) -> None:
    case = bench()
    del case.facts[Proposal.KIND, "c-1"]
    held: list[Frozen] = []
    for what in order:
        _deliver(case, what, held)
    assert case.state == opened().state


def test_an_evaluation_of_an_older_attempt_opens_nothing() -> None:
    case = Bench(bench().decider, "c-1", facts(attempt=2))
    assert case.tell(evaluation(1)) == []


def test_all_stages_lead_to_the_grant() -> None:
    case = through()
    assert case.state.status == "granted"
    consented = tuple(stage.office for stage in CHAINS.chains[0].stages[:-1])
    said = {"office": "ppk", "agency": "palu", "by": "p-ppk", "consented": consented}
    assert case.said[-1] == ApprovalGranted.model_validate({"case": "c-1", "attempt": 1, **said})
    assert [event.stage for event in case.said if isinstance(event, TaskDecided)] == STAGES
    assert case.state.signed == {"1": OFFICIALS[-1].person}


def test_an_unfavourable_opinion_is_recorded_and_needs_an_answer() -> None:
    case = opened()
    say(case, 1, "refuse", "MIN_STAF_ASAL", "puskesmas akan kosong")
    for n in range(2, len(STAGES)):
        say(case, n)
    with pytest.raises(Refused, match="REASON_NEEDED") as found:
        say(case, len(STAGES))
    assert found.value.values["against"] == ["direct_superior"]
    say(case, len(STAGES), "approve", "", "penggantinya tersedia")
    assert case.state.status == "granted"


@pytest.mark.parametrize(("n", "code"), [(3, "TEMUAN_INSPEKTORAT"), (5, "PERTEK_DITOLAK"), (6, "ANGGARAN")])
def test_a_refusal_ends_the_chain(n: int, code: str) -> None:
    case = through(n - 1)
    assert isinstance(say(case, n, "refuse", code, "alasan")[-1], ApprovalRefused)
    assert (case.state.status, case.state.task) == ("refused", None)


@pytest.mark.parametrize("n", range(1, 7))
def test_every_stage_may_send_back(n: int) -> None:
    case = through(n - 1)
    event = say(case, n, "return", "BERKAS_TIDAK_LENGKAP", "SK pangkat tidak terbaca")[-1]
    assert isinstance(event, ApprovalReturned)
    assert case.state.task is None


def test_a_return_may_name_the_documents_it_asks_for() -> None:
    case = opened()
    said = {"decision": "return", "code": "BERKAS_TIDAK_LENGKAP", "reason": "x", "task": "c-1.1.1", "take": True}
    for wrong in ({"missing": ["passport"]}, {"decision": "refuse", "missing": ["latest_decree"]}):
        with pytest.raises(Refused, match="KIND_UNKNOWN"):
            case.tell(Decide.model_validate({**said, **wrong}), OFFICIALS[0])
    event = case.tell(Decide.model_validate({**said, "missing": ["latest_decree"]}), OFFICIALS[0])[-1]
    assert isinstance(event, ApprovalReturned)
    assert event.missing == ("latest_decree",)


@pytest.mark.parametrize(
    ("decision", "code", "reason", "wrong"),
    [
        ("refuse", "", "x", "CODE_NOT_ALLOWED"),
        ("refuse", "PERTEK_DITOLAK", "x", "CODE_NOT_ALLOWED"),
        ("refuse", "MIN_STAF_ASAL", "  ", "REASON_NEEDED"),
        ("return", "MIN_STAF_ASAL", "x", "CODE_NOT_ALLOWED"),
        ("return", "BERKAS_TIDAK_LENGKAP", "", "REASON_NEEDED"),
    ],
)
def test_codes_and_reasons(decision: str, code: str, reason: str, wrong: str) -> None:
    case = opened()
    with pytest.raises(Refused, match=wrong):
        say(case, 1, decision, code, reason)
    assert case.state.task is not None


def test_i10_silence_escalates_and_leaves_the_task_open() -> None:
    case = opened()
    due = case.decider.timers(case.state)[0].at
    (event,) = case.fire()
    assert isinstance(event, TaskEscalated)
    assert (event.office, event.superior) == ("direct_superior", "ppk")
    assert case.state.task is not None
    assert case.state.task.overdue
    case.tell(Claim(task=task()), OFFICIALS[0], at=due + timedelta(days=30))
    case.tell(Decide(task=task(), decision="approve"), OFFICIALS[0], at=due + timedelta(days=30))
    assert case.state.task.task == task(2)


def test_a_deadline_of_an_older_task_is_not_this_ones() -> None:
    case = opened()
    old = case.decider.timers(case.state)[0]
    say(case, 1)
    (new,) = case.decider.timers(case.state)
    assert new.id != old.id


def test_a_claim_keeps_others_out_until_the_term_is_over() -> None:
    other = actor("p-second", office("direct_superior", "setda"))
    case = opened()
    case.tell(Claim(task=task()), OFFICIALS[0])
    with pytest.raises(Refused, match="CLAIMED_BY_ANOTHER"):
        case.tell(Claim(task=task()), other)
    with pytest.raises(Refused, match="NOT_CLAIMED_BY_YOU"):
        case.tell(Decide(task=task(), decision="approve"), other)
    case.fire(name="deadline")
    released, _ = case.tell(Claim(task=task()), other)
    assert isinstance(released, TaskReleased)
    assert case.state.task is not None
    assert case.state.task.claimed_by == "p-second"


def test_a_new_attempt_goes_through_the_whole_chain_again() -> None:
    case = opened()
    say(case, 1)
    say(case, 2, "return", "BERKAS_TIDAK_LENGKAP", "x")
    case.tell(returned())
    case.facts.update({(Proposal.KIND, "c-1"): Proposal(attempt=2, content=CONTENT, receipt="MT-1")})
    case.tell(evaluation(2))
    assert (case.state.attempt, case.state.decisions) == (2, ())
    assert case.state.task is not None
    assert case.state.task.task == task(1, 2)
    assert case.tell(returned(1)) == [], "what is over with attempt 1 does not touch attempt 2"


def test_an_open_case_follows_its_own_chain() -> None:
    case = opened()
    first = CHAINS.chains[0]
    shorter = first.model_copy(update={"version": "2026.2", "stages": first.stages[-1:]})
    case.decider = make_cases(CHAINS.model_copy(update={"chains": (shorter,)}))
    say(case, 1)
    assert case.state.task is not None
    assert (case.state.version, case.state.task.stage) == ("2026.1", "unit_head")


def test_no_chain_for_the_day_says_so() -> None:
    with pytest.raises(NoChain, match="2019-11-23"):
        bench().tell(evaluation(), at=NOW.replace(year=2019))


def test_a_refused_move_revokes_once() -> None:
    case = through()
    (event,) = case.tell(no_move())
    about = {"case": "c-1", "decree": "sk-c-1-1", "person": "p-rina"}
    assert event.model_dump(exclude_defaults=True) == {**about, "code": "JABATAN_DIHAPUS"}
    assert case.tell(no_move()) == []
