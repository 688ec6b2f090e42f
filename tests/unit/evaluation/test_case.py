"""The decider: evaluation, watching, the re-check before the decree, and endings; every event replays."""

from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.case import Evaluation, make_decider
from services.evaluation.domain.judge import findings, replay, restored
from services.evaluation.domain.reading import parse
from services.evaluation.domain.ruleset import book_of, digest, edition
from shared.contracts.approval import ApprovalGranted
from shared.contracts.evaluation import (
    EvaluationClosed,
    EvaluationCompleted,
    EvaluationConfirmed,
    EvaluationOverturned,
    RulesetRecorded,
)
from shared.contracts.proposal import (
    ProposalCompleted,
    ProposalExpired,
    ProposalRefused,
    ProposalReturned,
    ProposalWithdrawn,
)
from shared.kernel.decider import Event, FactChanged, Facts, FactsMissing, Message, NotYet, Office
from tests.unit.evaluation.cases import BOOKS, DECIDER, NOON, RINA, RULES, changed, decide, evaluated, facts, submission

HERE = files("services.evaluation.rules")
WEIGHTS = yaml.safe_load(HERE.joinpath("weights.yaml").read_text("utf-8"))
GRANTED = ApprovalGranted(case="c-1", attempt=1)
CHANGED = FactChanged(kind="employee", id="p-rina")


def test_rina_is_eligible_by_every_rule() -> None:
    event, state = evaluated()
    assert event.eligible
    assert {finding.rule: finding.outcome for finding in event.findings} == {
        "BUP": "met",
        "COMPETENCE": "met",
        "COMPETENCE-FULL": "met",
        "EDU": "met",
        "EDU-FIELD": "met",
        "EXPERIENCE": "met",
        "R01": "met",
        "R03-MAX": "met",
        "R03-MIN": "met",
        "R03-OFFICIAL": "not_applicable",
        "R03-USUAL": "met",
        "R05": "met",
        "R05-DECIDER": "met",
        "R13F": "met",
        "R13H": "met",
        "R13I-BOND": "met",
        "R13I-STUDY": "met",
        "R17": "not_applicable",
        "R19": "not_applicable",
        "R20": "not_applicable",
        "R21": "not_applicable",
        "R22": "not_applicable",
        "R30": "met",
        "R32": "not_applicable",
        "R52-STEP": "not_applicable",
        "RANK": "met",
        "STATUS": "met",
        "STATUS-LEGAL": "met",
    }
    assert all(finding.citation and finding.code == "" for finding in event.findings)
    assert event.score.total == 9156
    assert (state.open, state.attempt, state.person, state.vacancy) == (True, 1, "p-rina", "v-1")


@pytest.mark.parametrize(
    ("profile", "code", "rule"),
    [
        ({"post_since": date(2026, 5, 24)}, "TENURE_MIN", "R03-MIN"),
        ({"under_process": True}, "PROSES_DISIPLIN", "R13F"),
        ({"performance": {"2024": "poor", "2025": "good"}}, "KINERJA_KURANG", "R13H"),
        ({"study_assignment": True}, "TUGAS_BELAJAR", "R13I-STUDY"),
        ({"service_bond": True}, "IKATAN_DINAS", "R13I-BOND"),
        ({"education_level": "30"}, "KUALIFIKASI_PENDIDIKAN", "EDU"),
        ({"education_field": "nursing"}, "KUALIFIKASI_PENDIDIKAN", "EDU-FIELD"),
        ({"rank": "III/b"}, "PANGKAT", "RANK"),
        (
            {"competences": {"public_service": 1, "communication": 1, "population_records": 1}},
            "KOMPETENSI_KURANG",
            "COMPETENCE",
        ),
        ({"experience": ({"field": "policy", "years": 4},)}, "PENGALAMAN_KURANG", "EXPERIENCE"),
        ({"retires_on": date(2026, 11, 1)}, "USIA_BUP", "BUP"),
        ({"employment": "CPNS"}, "STATUS_BUKAN_PNS", "STATUS"),
        ({"status": "suspended"}, "KEDUDUKAN_HUKUM", "STATUS-LEGAL"),
        ({"employment": "PPPK", "post_title": "Guru"}, "PPPK_LUAR_INSTANSI", "R20"),
    ],
)
def test_one_hard_rule_not_met(profile: dict[str, Any], code: str, rule: str) -> None:
    event, state = evaluated(facts(changed(RINA, **profile)))
    assert not event.eligible
    assert [(f.rule, f.code) for f in event.findings if f.hard and f.outcome == "not_met"] == [(rule, code)]
    assert not state.open  # nothing to watch: the proposal refuses


def test_e18_who_is_lent_out_is_not_moved_before_they_are_back() -> None:
    """The agency where one only serves consents to nothing: the one of the post takes them back."""
    event, _ = evaluated(facts(changed(RINA, status="seconded")))
    assert [one.code for one in event.findings if one.outcome == "not_met"] == ["KEDUDUKAN_HUKUM"]
    assert not event.eligible


def test_a_warning_does_not_refuse() -> None:
    event, _ = evaluated(facts(changed(RINA, post_since=date(2025, 1, 1))))
    assert event.eligible
    warned = [finding for finding in event.findings if finding.outcome == "not_met"]
    assert [(finding.rule, finding.hard) for finding in warned] == [("R03-USUAL", False)]


def test_unknown_never_passes_and_names_the_holder() -> None:
    event, _ = evaluated(facts(changed(RINA, under_process=None)))
    assert not event.eligible
    (finding,) = [finding for finding in event.findings if finding.outcome == "unknown"]
    assert (finding.rule, finding.code) == ("R13F", "DATA_TIDAK_SINKRON")
    assert finding.values == {"datum": "employee.under_process", "holder": "inspectorate"}


def test_a_relative_at_the_head_of_the_unit() -> None:
    head = Office(office="unit_head", agency="palu", unit="dukcapil", since=date(2026, 1, 1))
    relatives = changed(RINA, relatives=("p-901", "p-902"))
    event, _ = evaluated(facts(relatives, **{"p-901": (head,)}))
    assert [(f.rule, f.code) for f in event.findings if f.outcome == "not_met"] == [("R05", "KONFLIK_KEPENTINGAN")]
    assert evaluated(facts(relatives))[0].eligible


def test_a_relative_who_decides_is_a_warning() -> None:
    ppk = Office(office="ppk", agency="palu", since=date(2025, 2, 20))
    event, _ = evaluated(facts(changed(RINA, relatives=("p-901",)), **{"p-901": (ppk,)}))
    assert event.eligible
    assert [finding.rule for finding in event.findings if finding.outcome == "not_met"] == ["R05-DECIDER"]


def test_too_early() -> None:
    with pytest.raises(NotYet, match="employee/p-rina"):
        decide(DECIDER.initial("c-1"), submission(), facts(None))
    no_vacancy = Facts({**facts()._loaded, ("vacancy", "v-1"): None})
    with pytest.raises(NotYet, match="vacancy/v-1"):
        decide(DECIDER.initial("c-1"), submission(), no_vacancy)


def test_facts_are_asked_for_together() -> None:
    with pytest.raises(FactsMissing) as missing:
        decide(DECIDER.initial("c-1"), submission(), Facts())
    assert {(kind.KIND, id) for kind, id in missing.value.refs} == {
        ("employee", "p-rina"),
        ("vacancy", "v-1"),
    }


def test_e25_the_rules_are_those_of_the_day_of_submission() -> None:
    # E25: handed in on 30 June 2025, heard in July and re-checked in November 2026: two years, both times.
    known = facts(changed(RINA, post_since=date(2024, 12, 1), performance={"2023": "good", "2024": "good"}))
    july = datetime(2025, 7, 2, 5, 0, tzinfo=UTC)
    for day, eligible in ((date(2025, 6, 30), False), (date(2025, 7, 1), True)):
        (event,), _ = decide(DECIDER.initial("c-1"), submission(submitted_on=day), known, july)
        assert isinstance(event, EvaluationCompleted)
        assert (event.eligible, event.ruleset[:10]) == (eligible, day.isoformat())
    old = changed(RINA, post_since=date(2023, 6, 1), performance={str(year): "good" for year in range(2022, 2026)})
    _, state = decide(DECIDER.initial("c-1"), submission(submitted_on=date(2025, 6, 30)), facts(old), july)
    (again,), _ = decide(state, GRANTED, facts(changed(old, post_since=date(2026, 1, 1))))
    assert isinstance(again, EvaluationOverturned)
    assert [(f.rule, f.values["required"]) for f in again.findings if f.outcome == "not_met"] == [("R03-MIN", "24")]


def test_without_its_day_a_submission_counts_from_now_in_the_capital() -> None:
    late = datetime(2025, 6, 30, 17, 30, tzinfo=UTC)  # 1 July, 00:30 in Jakarta
    (event, *_), _ = decide(DECIDER.initial("c-1"), submission(submitted_on=None), facts(), late)
    assert isinstance(event, EvaluationCompleted)
    assert event.ruleset.startswith("2025-07-01-")


def without_books() -> Facts:
    """Nobody recorded a rule set here."""
    none = {key: None for key in facts()._loaded if key[0] == "rulebook"}
    return Facts({**facts()._loaded, **none})


def test_the_first_cases_record_their_rule_set_and_all_others_name_it() -> None:
    (recorded, first), _ = decide(DECIDER.initial("c-1"), submission(), without_books())
    (second,), _ = decide(DECIDER.initial("c-1"), submission(), facts())
    assert isinstance(recorded, RulesetRecorded)
    assert isinstance(first, EvaluationCompleted)
    assert first == second
    assert (first.facts["edition"], book_of(first.ruleset)) == (first.ruleset, recorded.ruleset)
    assert replay(first, {recorded.ruleset: recorded.content}) == first


def test_i8_a_rule_set_nobody_recorded_or_somebody_changed_does_not_replay() -> None:
    first, _ = evaluated()
    content = BOOKS[book_of(first.ruleset)]
    with pytest.raises(KeyError):
        replay(first, {})
    with pytest.raises(ValueError, match="names another rule set"):
        replay(first, {book_of(first.ruleset): {**content, "rules": []}})


def test_rules_that_were_edited_since_judge_no_old_case() -> None:
    """Who edits a rule file afterwards changes nothing for an attempt: its own rule set was recorded."""
    _, state = evaluated(facts(changed(RINA, post_since=date(2026, 5, 1))))
    raw = yaml.safe_load(HERE.joinpath("R03-MIN.yaml").read_text("utf-8"))
    raw["versions"][1]["parameters"] = {"months": 24}
    edited = make_decider(parse({"R03-MIN": raw}, WEIGHTS))
    message = Message(GRANTED, "m", NOON)
    (event,) = edited.decide(state, message, facts(changed(RINA, post_since=date(2026, 5, 1))))
    assert isinstance(event, EvaluationConfirmed)
    assert state.result is not None
    assert event.facts["edition"] == state.result.ruleset
    with pytest.raises(NotYet, match=f"rulebook/{book_of(state.result.ruleset)}"):
        edited.decide(state, message, without_books())


def test_confirmed_once() -> None:
    first, state = evaluated()
    (event,), state = decide(state, GRANTED, facts())
    assert isinstance(event, EvaluationConfirmed)
    assert event.snapshot == digest(event.facts)
    assert event.facts["edition"] == first.ruleset
    assert (state.confirmed, state.open) == (True, False)
    assert decide(state, GRANTED, facts())[0] == []
    assert decide(state, CHANGED, facts(changed(RINA, under_process=True)))[0] == []


def test_overturned_on_fresh_facts() -> None:
    first, state = evaluated()
    (event,), state = decide(state, GRANTED, facts(changed(RINA, under_process=True)))
    assert isinstance(event, EvaluationOverturned)
    assert [finding.code for finding in event.findings if finding.outcome == "not_met"] == ["PROSES_DISIPLIN"]
    assert event.facts["edition"] == first.ruleset
    assert findings(restored(event.facts, BOOKS)) == event.findings
    assert (state.open, state.overturned) == (False, event.findings)


def test_retirement_reached_between_approval_steps() -> None:
    _, state = evaluated(facts(changed(RINA, retires_on=date(2027, 1, 1))))  # E04
    (event,), _ = decide(
        state,
        GRANTED,
        facts(changed(RINA, retires_on=date(2027, 1, 1))),
        datetime(2027, 1, 1, 3, 0, tzinfo=UTC),
    )
    assert isinstance(event, EvaluationOverturned)
    assert "USIA_BUP" in [finding.code for finding in event.findings]


def test_a_changed_fact_overturns_once_and_only_if_it_flips() -> None:
    _, state = evaluated()
    assert decide(state, CHANGED, facts(changed(RINA, rank="III/d"))) == ([], state)
    (event,), state = decide(state, CHANGED, facts(changed(RINA, rank="IV/a")))
    assert isinstance(event, EvaluationOverturned)
    assert decide(state, CHANGED, facts(changed(RINA, rank="IV/b")))[0] == []
    assert decide(state, GRANTED, facts())[0] == []


def ending(kind: type[Event], attempt: int) -> Event:
    return kind.model_validate(
        {
            "case": "c-1",
            "person": "p-rina",
            "attempt": attempt,
            "by": "x",
            "reason": "r",
            "code": "BTS",
            "codes": (),
            "stage": "approval",
            "decree": "d",
            "vacancy": "v-1",
        }
    )


@pytest.mark.parametrize("kind", [ProposalWithdrawn, ProposalRefused, ProposalReturned, ProposalExpired])
def test_endings_close(kind: type[Event]) -> None:
    _, state = evaluated()
    assert decide(state, ending(kind, 0), facts())[0] == []  # an older attempt
    events, state = decide(state, ending(kind, 1), facts())
    assert events == [EvaluationClosed(case="c-1", attempt=1)]
    assert not state.open
    assert decide(state, ending(kind, 1), facts())[0] == []
    assert decide(state, GRANTED, facts())[0] == []  # withdrawal crossed approval
    assert decide(state, CHANGED, facts(changed(RINA, rank="I/a")))[0] == []


def test_completion_finds_it_closed_or_closes_it() -> None:
    _, state = evaluated()
    assert decide(state, ending(ProposalCompleted, 1), facts())[0] == [EvaluationClosed(case="c-1", attempt=1)]
    _, confirmed = decide(state, GRANTED, facts())
    assert decide(confirmed, ending(ProposalCompleted, 1), facts())[0] == []


def test_attempts() -> None:
    _, state = evaluated()
    assert decide(state, submission(1), facts())[0] == []
    with pytest.raises(NotYet, match="attempt/c-1/2"):
        decide(state, ApprovalGranted(case="c-1", attempt=2), facts())
    _, state = decide(state, ending(ProposalReturned, 1), facts())
    (event,), state = decide(state, submission(2), facts())
    assert isinstance(event, EvaluationCompleted)
    assert (state.attempt, state.open) == (2, True)
    assert decide(state, GRANTED, facts())[0] == []  # of the first attempt
    assert isinstance(decide(state, ApprovalGranted(case="c-1", attempt=2), facts())[0][0], EvaluationConfirmed)


def test_an_event_replays_bit_for_bit_from_itself() -> None:
    head = Office(office="unit_head", agency="palu", unit="dukcapil", since=date(2026, 1, 1))
    event, _ = evaluated(facts(changed(RINA, relatives=("p-901",), under_process=None), **{"p-901": (head,)}))
    wire = event.model_dump_json()
    again = EvaluationCompleted.model_validate_json(wire)
    assert replay(again, BOOKS).model_dump_json() == wire
    assert again.snapshot == digest(again.facts)


@given(
    st.dictionaries(st.sampled_from(["2024", "2025"]), st.sampled_from(["good", "poor", "?"])),
    st.sampled_from(["III/c", "IV/a", "", "IX"]),
    st.sampled_from([True, False, None]),
    st.sampled_from(["PNS", "PPPK", "CPNS"]),
)
def test_every_event_replays(ratings: dict[str, str], rank: str, process: bool | None, employment: str) -> None:
    profile = changed(RINA, performance=ratings, rank=rank, under_process=process, employment=employment)
    event, state = evaluated(facts(profile))
    wire = event.model_dump_json()
    assert replay(EvaluationCompleted.model_validate_json(wire), BOOKS).model_dump_json() == wire
    assert Evaluation.model_validate_json(state.model_dump_json()) == state


def test_an_event_that_spells_its_rules_out_is_still_read() -> None:
    """As events did before rule sets were recorded."""
    event, _ = evaluated()
    then = {**event.facts, "edition": edition(RULES, date(2026, 11, 23), "palu").model_dump(mode="json")}
    old = event.model_copy(update={"facts": then, "snapshot": digest(then)})
    assert replay(old, {}) == old


def test_a_field_that_a_later_profile_gains_changes_no_old_hash() -> None:
    event, _ = evaluated()
    profile = dict(event.facts["seen"]["employee"])  # type: ignore[index]
    profile["unheard_of"] = 1
    facts_then = {**event.facts, "seen": {**event.facts["seen"], "employee": profile}}  # type: ignore[dict-item]
    then = event.model_copy(update={"facts": facts_then, "snapshot": digest(facts_then)})
    assert replay(then, BOOKS) == then


def test_open_evaluations_name_the_facts_they_watch() -> None:
    _, state = evaluated()
    assert {kind: getattr(state, field) for kind, field in DECIDER.watches.items()} == {
        "employee": "p-rina",
        "vacancy": "v-1",
    }
