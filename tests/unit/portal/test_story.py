"""Where a case stands, told from its events in whatever order they came."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from services.portal.consumers import done, routes, told
from services.portal.domain.facts import Deed, Entry
from services.portal.domain.story import STEPS, Story, story
from services.portal.domain.told import TOLD
from services.portal.words import Words, tables
from shared.contracts import approval, contest, evaluation, proposal, voice
from shared.contracts.adoption import ProposalAdopted
from shared.contracts.papers import Paper
from shared.contracts.registry import Placement
from shared.contracts.stages import Decision, PlannedStage
from shared.contracts.tasks import TaskAnswered, TaskForwarded, TaskRescheduled
from shared.kernel.decider import Event
from shared.runtime.service import Envelope, Learn

START = datetime(2026, 11, 2, 1, tzinfo=UTC)
CONTENT = proposal.Content(
    initiative="own",
    person="orang-1",
    vacancy="v1",
    origin=Placement(agency="palu", unit="u:asal", post="p:asal"),
    target=Placement(agency="palu", unit="u:tuju", post="p:tuju"),
    purpose="tujuan",
    expected_result="hasil",
    reason="alasan",
)
PLAN = tuple(
    PlannedStage(id=id, decision="opinion", office=id, agency="palu", working_days=5)
    for id in ("direct_superior", "ppk")
)
DRAFTED = proposal.ProposalDrafted(case="c1", content=CONTENT, by="orang-1")
SUBMITTED = proposal.ProposalSubmitted(case="c1", attempt=1, content=CONTENT, by="orang-1", receipt="MT-1")
OPENED = approval.CaseOpened(
    case="c1", attempt=1, person="orang-1", chain="K1", version="1", stages=("direct_superior", "ppk"), plan=PLAN
)


def queued(n: int, stage: str) -> approval.TaskQueued:
    """The n-th task."""
    due = START + timedelta(days=7 + n)
    return approval.TaskQueued(
        case="c1", task=f"c1.1.{n}", attempt=1, person="orang-1", stage=stage, office=stage, agency="palu", due=due
    )


def decided(n: int, stage: str, decision: Decision = "approve") -> approval.TaskDecided:
    """The n-th decision."""
    return approval.TaskDecided(
        case="c1", task=f"c1.1.{n}", attempt=1, person="orang-1", stage=stage, by="rahasia", decision=decision
    )


def entries(*events: Event) -> list[Entry]:
    """The facts that these events leave, one minute apart."""
    found = []
    for number, event in enumerate(events, 1):
        at = START + timedelta(minutes=number)
        envelope = Envelope(f"e{number}", event.TYPE, "proposal/c1", "c1", number, at)
        (learned,) = told(event, envelope)
        assert isinstance(learned, Learn)
        assert learned.id == f"e{number}"
        assert isinstance(learned.value, Entry)
        found.append(learned.value)
    return found


WAY = (
    DRAFTED, SUBMITTED, OPENED, queued(1, "direct_superior"), decided(1, "direct_superior"), queued(2, "ppk"),
    decided(2, "ppk"), approval.ApprovalGranted(case="c1", attempt=1),
    proposal.ProposalApproved(case="c1", attempt=1, content=CONTENT),
)  # fmt: skip


@pytest.mark.parametrize(
    ("events", "status", "stage", "office", "next_one"),
    [
        (0, "unknown", "", "applicant", ""),
        (1, "draft", "draft", "applicant", "submit"),
        (2, "submitted", "evaluation", "system", "chain"),
        (4, "submitted", "direct_superior", "direct_superior", "ppk"),
        (5, "submitted", "direct_superior", "system", "ppk"),
        (6, "submitted", "ppk", "ppk", "recheck"),
        (8, "submitted", "recheck", "system", "decree"),
        (9, "approved", "decree", "system", "move"),
    ],
)
def test_each_event_of_the_way_moves_the_story(
    events: int, status: str, stage: str, office: str, next_one: str
) -> None:
    told = story(entries(*WAY[:events]))
    assert (told.status, told.stage, told.desk.office, told.next) == (status, stage, office, next_one)


def test_a_case_from_paper_shows_its_file_what_was_agreed_and_since_when_it_waits() -> None:
    word = {"stage": "direct_superior", "by": "p2", "on": "2026-11-06"}
    about = {"agency": "a1", "number": "800/77", "dated": "2026-11-02", "received_on": "2026-11-03"}
    paper = Paper.model_validate({**about, "stage": "ppk", "since": "2026-11-16", "words": [word]})
    since = START - timedelta(days=7)
    told = story(
        entries(
            ProposalAdopted(case="c1", content=CONTENT, paper=paper, by="p9", batch="i:cases:1"),
            SUBMITTED,
            OPENED.model_copy(update={"paper": paper}),
            queued(2, "ppk").model_copy(update={"since": since}),
        )
    )
    assert (told.on_paper, told.stage, told.since) == (("800/77", "2026-11-02"), "ppk", since)
    assert [step.state for step in told.steps] == ["approve", "current"]
    adopted = entries(ProposalAdopted(case="c1", content=CONTENT, paper=paper, by="p9", batch="i:cases:1"))[0]
    assert Words("en").event(adopted, "WITA") == "Adopted from paper file 800/77 of 2 November 2026"


def test_the_order_in_which_events_come_does_not_matter() -> None:
    all_of_them = entries(*WAY)
    expected = story(all_of_them)
    for seed in range(50):
        mixed = list(all_of_them)
        Random(seed).shuffle(mixed)
        assert story(mixed) == expected


def test_a_task_shows_its_deadline_and_who_works_on_it_only_while_it_waits() -> None:
    claimed = approval.TaskClaimed(case="c1", task="c1.1.1", by="rahasia")
    late = approval.TaskEscalated(
        case="c1", task="c1.1.1", person="orang-1", stage="direct_superior", office="direct_superior", agency="palu"
    )
    waiting = story(entries(*WAY[:4], claimed, late))
    assert (waiting.claimed, waiting.overdue, waiting.due) == (True, True, START + timedelta(days=8))
    assert [step.state for step in waiting.steps] == ["current", "waiting"]
    after = story(entries(*WAY[:4], claimed, late, decided(1, "direct_superior", "refuse"), queued(2, "ppk")))
    assert (after.claimed, after.overdue) == (False, False)
    assert [step.state for step in after.steps] == ["refuse", "current"]


def test_a_claim_of_an_earlier_task_changes_nothing() -> None:
    stale = approval.TaskClaimed(case="c1", task="c1.1.1", by="x")
    assert story(entries(*WAY[:6], stale)).claimed is False


def test_what_crosses_a_withdrawal_does_not_wake_the_case() -> None:
    withdrawn = proposal.ProposalWithdrawn(case="c1", person="orang-1", attempt=1, by="orang-1", reason="batal")
    told = story(entries(*WAY[:6], withdrawn, decided(2, "ppk"), approval.ApprovalGranted(case="c1", attempt=1)))
    assert (told.status, told.stage, told.reason, told.ended, told.next) == ("withdrawn", "ended", "batal", True, "")


def test_who_was_heard_on_an_exchange_waits_for_the_partners_until_it_is_handed_in() -> None:
    heard = voice.ProposalHeard(case="c1", person="orang-1", group="g-1", by="rahasia")
    assert story(entries(DRAFTED, heard)).stage == "partners"
    assert story(entries(DRAFTED, heard, SUBMITTED)).stage == "evaluation"
    assert story(entries(SUBMITTED, heard)).stage == "evaluation"


def test_an_older_attempt_does_not_move_a_newer_one() -> None:
    returned = proposal.ProposalReturned(
        case="c1",
        person="orang-1",
        attempt=1,
        code="BERKAS_TIDAK_LENGKAP",
        reason="lampirkan",
        until=START,
        missing=("latest_decree",),
    )
    sent_back = story(entries(*WAY[:4], returned))
    assert (sent_back.status, sent_back.due, sent_back.codes) == ("returned", START, ("BERKAS_TIDAK_LENGKAP",))
    assert sent_back.missing == ("latest_decree",)
    again = SUBMITTED.model_copy(update={"attempt": 2})
    told = story(entries(*WAY[:4], returned, again, queued(2, "ppk")))
    assert (told.stage, told.attempt, told.reason, told.missing) == ("evaluation", 2, "", ())


def test_a_decree_waits_for_its_day_and_may_be_revoked() -> None:
    issued = approval.DecreeIssued(
        case="c1", attempt=1, decree="d1", agency="palu", year=2026, number=1, number_text="800/1", person="orang-1",
        origin=CONTENT.origin, target=CONTENT.target, vacancy="v1", issued_on=START.date(),
        effective_on=START.date(), signatory="ppk", digest="00",
    )  # fmt: skip
    told = story(entries(*WAY, issued))
    assert (told.stage, told.day, told.number, told.revoked) == ("move", "2026-11-02", "800/1", False)
    revoked = approval.DecreeRevoked(case="c1", decree="d1", code="MOVE_REFUSED")
    assert story(entries(*WAY, issued, revoked)).revoked


def test_no_name_nor_person_nor_fact_of_the_evaluation_is_kept_in_a_story() -> None:
    judged = evaluation.EvaluationCompleted(
        case="c1", attempt=1, person="orang-1", vacancy="v1", eligible=True, findings=(), ruleset="r", snapshot="s",
        score=evaluation.Score(total=0, factors=()), facts={"birth": "1990"},
    )  # fmt: skip
    kept = " ".join(entry.model_dump_json() for entry in entries(*WAY, judged))
    assert not {"orang-1", "rahasia", "1990"} & set(kept.replace('"', " ").split())


def test_every_event_of_a_case_is_listened_to_and_has_words_in_both_languages() -> None:
    assert {event.TYPE for event in TOLD} <= set(routes.by_type)
    assert set(STEPS) <= {event.TYPE for event in TOLD}
    assert {event.TYPE for event in TOLD} == set(tables()["events"])
    for table in tables().values():
        for code, said in table.items():
            assert {"id", "en"} <= set(said), code


@pytest.mark.parametrize(("language", "expected"), [("id", "1 menit lalu"), ("en", "1 minute ago")])
def test_age_and_moments_are_absolute_and_carry_their_zone(language: str, expected: str) -> None:
    words = Words("en" if language == "en" else "id")
    assert words.age(75) == expected
    assert words.moment(START, "WITA").endswith("WITA")
    assert ("09.00.00" if language == "id" else "09:00:00") in words.moment(START, "WITA")
    assert words.points(7805) == ("78,05" if language == "id" else "78.05")


def test_an_event_of_a_stage_nobody_named_is_still_readable() -> None:
    line = Words("id").event(entries(queued(1, "new_office"))[0], "WIB")
    assert line == "Menunggu new office"
    assert Story().ended is False


def test_a_contest_that_nobody_answers_in_time_is_with_somebody_else_by_another_day() -> None:
    about = {"case": "c1", "person": "orang-1", "attempt": 1, "agency": "palu", "unit": ""}
    refused = proposal.ProposalRefused(
        case="c1", person="orang-1", attempt=1, stage="evaluation", codes=("EDU",), reason="", vacancy="v1"
    )
    asked = contest.ProposalContested.model_validate(
        {**about, "by": "orang-1", "reason": "keliru", "office": "personnel_verifier", "until": START}
    )
    later = START + timedelta(days=7)
    late = contest.ContestEscalated.model_validate({**about, "office": "ppk", "late": START, "until": later})
    told = story(entries(DRAFTED, SUBMITTED, refused, asked, late))
    assert (told.status, told.stage, told.desk.office, told.due) == ("contested", "contest", "ppk", later)
    line = Words("id").event(entries(late)[0], "WITA")
    assert line.startswith("Belum dijawab pada waktunya")
    assert line.endswith("WITA")


def test_an_answer_or_a_holiday_moves_the_deadline_and_a_colleague_works_on_it() -> None:
    begun = (DRAFTED, SUBMITTED, OPENED, queued(1, "direct_superior"))
    answered = TaskAnswered(case="c1", task="c1.1.1", since=START, due=START + timedelta(days=20))
    moved = TaskRescheduled(case="c1", task="c1.1.1", due=START + timedelta(days=21))
    handed = TaskForwarded(case="c1", task="c1.1.1", by="a", to="b", reason="cuti")
    assert story(entries(*begun, answered)).due == answered.due
    assert story(entries(*begun, answered, moved)).due == moved.due
    assert story(entries(*begun, handed)).claimed
    other = answered.model_copy(update={"task": "c1.0.1"})
    assert story(entries(*begun, other)).due == START + timedelta(days=8)


def test_whose_doing_it_was_is_kept_beside_the_story() -> None:
    claimed = approval.TaskClaimed(case="c1", task="c1.1.1", by="rahasia")
    envelope = Envelope("e1", claimed.TYPE, "approval/c1", "c1", 1, START)
    assert list(done(claimed, envelope)) == [Learn(Deed, "e1", Deed(by="rahasia"))]
    by_itself = TaskAnswered(case="c1", task="c1.1.1", since=START, due=START)  # its term passed
    assert list(done(by_itself, envelope)) == []


def test_how_long_the_next_step_may_take_is_said() -> None:
    told_of = story(entries(*WAY[:4]))
    assert told_of.ahead is not None
    assert (told_of.ahead.id, told_of.ahead.days) == ("ppk", 5)
    assert story(entries(*WAY[:6])).ahead is None  # after the last of them the rules are checked again
