"""The edges: the explanation in both languages, who may read it, and where events go."""

from datetime import date

import pytest

from services.evaluation.consumers import routes
from services.evaluation.domain.case import Evaluation
from services.evaluation.explain import Language, current, explain, words
from services.evaluation.policy import party
from shared.contracts.approval import ApprovalGranted
from shared.contracts.registry import (
    EmployeeMoved,
    EmployeeUpdated,
    OfficeAssigned,
    OfficeEnded,
    VacancyPublished,
)
from shared.kernel.decider import Actor, Event, Office
from shared.runtime.service import Asked, Envelope, Learn, To
from tests.unit.evaluation.cases import (
    NOON,
    RINA,
    RULES,
    SEAT,
    SETDA,
    changed,
    decide,
    evaluated,
    facts,
    submission,
)


def test_explained_in_indonesian() -> None:
    event, _ = evaluated()
    said = explain(event, RULES, words(), "id")
    assert said.paragraph.startswith(
        "Memenuhi syarat. Dari 28 aturan yang diperiksa, 20 terpenuhi dan 8 tidak berlaku."
    )
    assert "Skor kesesuaian 91,56 dari 100, dihitung dari: kompetensi 35,56/40," in said.paragraph
    tenure = next(row for row in said.rules if row.rule == "R03-MIN")
    assert tenure.text == (
        "Jabatan sekarang harus telah dipangku sekurang-kurangnya 6 bulan."
        " Sejak 2 Mei 2023 sampai 23 November 2026 telah genap 42 bulan; syarat genap pada 2 November 2023."
    )
    assert (tenure.outcome_text, tenure.certainty_text) == ("terpenuhi", "sumber belum pasti")
    assert tenure.citation.startswith("PP 11/2017 ps 190(3)")


def test_each_factor_names_scale_and_source_in_the_language_of_the_reader() -> None:
    factors = {row.name: row for row in explain(evaluated()[0], RULES, words(), "id").factors}
    assert factors["performance"].scale.startswith("Sangat Baik 100, Baik 80, ")
    assert factors["interest"].source == "pernyataan minat pegawai sendiri"
    assert {source for scoring in RULES.scorings for source in scoring.sources.values()} == set(words()["sources"])


def test_refused_in_english() -> None:
    event, _ = evaluated(facts(changed(RINA, under_process=None, performance={"2024": "poor"}, interests=())))
    said = explain(event, RULES, words(), "en")
    assert (
        "what stands against it: No discipline or court process (R13F); Performance good in the last two"
        in said.paragraph
    )
    assert "Left out because there are no data (which does not count as zero): interest." in said.paragraph
    rows = {row.rule: row for row in said.rules}
    assert rows["R13F"].text == (
        'Cannot be examined: the datum "employee.under_process" is missing or unreadable.'
        " Who can supply it: the inspectorate and the personnel agency."
    )
    assert rows["R13H"].text == "Performance at least good in the years 2024, 2025. On record: poor, none."
    assert rows["R13H"].remedy is not None
    assert rows["R13H"].remedy.mend == "Submit again after two successive years that are at least good."
    assert rows["R20"].text == "Not demanded in this case."


@pytest.mark.parametrize("language", ["id", "en"])
def test_no_sentence_is_left_unfilled(language: Language) -> None:
    for profile in (
        RINA,
        changed(RINA, competences={}, rank="", employment="CPNS", performance={}, interests=()),
    ):
        said = explain(evaluated(facts(profile))[0], RULES, words(), language)
        text = " ".join([said.paragraph, *(row.text for row in said.rules)])
        assert "{" not in text
        assert "forgotten" not in text


def test_a_warning_is_told_but_no_obstacle() -> None:
    event, _ = evaluated(facts(changed(RINA, post_since=date(2026, 1, 1))))
    assert "but no obstacle: Usual tenure in post (R03-USUAL)." in explain(event, RULES, words(), "en").paragraph


def test_a_rule_that_is_no_longer_written_keeps_its_source() -> None:
    event, _ = evaluated()
    gone = event.model_copy(update={"findings": (event.findings[0].model_copy(update={"rule": "R99"}),)})
    (row,) = explain(gone, RULES, words(), "en").rules
    assert (row.title, row.text) == ("R99", "The wording of this rule is no longer kept; see its source.")
    assert row.citation == event.findings[0].citation


def test_what_overturned_is_what_is_shown() -> None:
    event, state = evaluated()
    assert current(event, ()) == event
    _, state = decide(state, ApprovalGranted(case="c-1", attempt=1), facts(changed(RINA, service_bond=True)))
    said = explain(current(event, state.overturned), RULES, words(), "en")
    assert not said.eligible
    assert "No service bond (R13I-BOND)" in said.paragraph


def reader(person: str = "p-901", **office: str) -> Actor:
    held = (Office.model_validate({"since": date(2026, 1, 1), "until": date(2026, 12, 1), **office}),) if office else ()
    return Actor(login="someone", person=person, offices=held)


@pytest.mark.parametrize(
    ("actor", "allowed"),
    [
        (reader("p-rina"), True),
        (reader(), False),
        (reader(""), False),
        (reader(office="auditor", agency="central"), True),
        (reader(office="ppk", agency="palu"), True),
        (reader(office="ppk", agency="binjai"), False),
        (reader(office="unit_head", agency="palu", unit="setda"), True),
        (reader(office="unit_head", agency="palu", unit="dukcapil"), True),
        (reader(office="unit_head", agency="palu", unit="health"), False),
    ],
)
def test_who_may_read(actor: Actor, allowed: bool) -> None:
    _, state = evaluated()
    assert party(Asked(actor, date(2026, 11, 23), state)) is allowed


def test_an_office_that_ended_reads_no_more() -> None:
    _, state = evaluated()
    assert not party(Asked(reader(office="ppk", agency="palu"), date(2026, 12, 1), state))


def test_nobody_is_the_person_of_nothing() -> None:
    assert not party(Asked(Actor(login="someone"), date(2026, 11, 23), Evaluation(case="c-1")))


def test_where_events_go() -> None:
    def sent(event: Event) -> list[To | Learn]:
        envelope = Envelope("e-1", event.TYPE, "registry/x", "x", 1, NOON)
        return [way for route in routes.by_type[event.TYPE][1] for way in route(event, envelope)]

    moved = EmployeeMoved(
        person="p-rina", profile=RINA, case="c-1", decree="d", left=SETDA, effective_on=date(2027, 1, 1)
    )
    for event in (moved, EmployeeUpdated(person="p-rina", profile=RINA)):
        learned, *deliveries = sent(event)
        assert isinstance(learned, Learn)
        assert (learned.fact.KIND, learned.id) == ("employee", "p-rina")
        later = [(to.decider.name, to.aggregate) for to in deliveries if isinstance(to, To)]
        assert later == ([("reviews", "r:c-1"), ("trainings", "t:c-1")] if event is moved else [])
    office = Office(office="ppk", agency="palu", since=date(2026, 1, 1))
    for kind in (OfficeAssigned, OfficeEnded):
        taught = sent(kind(person="p-901", office=office, offices=()))
        kinds = [(way.fact.KIND, way.id) for way in taught if isinstance(way, Learn)]
        assert kinds == [("offices", "p-901"), ("officeholder", "p-901")]
    published = VacancyPublished(
        **SEAT.model_dump(),
        vacancy="v-1",
        reference="r",
        structural=False,
        quota=3,
        closes_on=date(2026, 12, 1),
        purpose="p",
    )
    (learned,) = sent(published)
    assert isinstance(learned, Learn)
    assert learned.value == SEAT
    (to,) = sent(submission())
    assert isinstance(to, To)
    assert (to.decider.name, to.aggregate) == ("evaluations", "c-1")
