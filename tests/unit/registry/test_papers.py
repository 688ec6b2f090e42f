"""Files under way on paper: each bad row named, each good one written down once, and taken back while undecided."""

from datetime import date

import pytest

from services.registry.domain import PAPERS
from services.registry.domain.ids import vacancy_id
from services.registry.domain.imported import UndoImport
from services.registry.domain.papers import FilePaper, paper_id, paper_of
from shared.contracts.approval import TaskDecided
from shared.contracts.papers import PaperFiled, PaperSealed, PaperWithdrawn, PaperWord
from shared.kernel.decider import Actor, Message, Refused
from shared.runtime.service import Envelope
from tests.contract.test_golden import golden
from tests.unit.registry.shelf import NOW, Shelf
from tests.unit.registry.test_import import found, palu, take

BATCH = "i:test"


async def town() -> Shelf:
    """Palu with its people and a vacancy."""
    shelf = await palu()
    await take(shelf, "people", "people-good.csv")
    await take(shelf, "vacancies", "vacancies-no-formasi.csv")
    return shelf


async def test_every_bad_row_is_named_and_the_good_one_is_written_down() -> None:
    shelf = await town()
    report = await take(shelf, "cases")
    assert found(report) == [
        (3, "nip", "UNKNOWN_PERSON"),
        (4, "vacancy", "UNKNOWN_VACANCY"),
        (5, "received_on", "BAD_ORDER_OF_DATES"),
        (6, "since", "DATE_IN_FUTURE"),
        (7, "words", "BAD_WORDS"),
        (8, "words", "BAD_ORDER_OF_DATES"),
        (9, "words", "BAD_WORDS"),
        (10, "holder", "UNKNOWN_PERSON"),
        (11, "consent", "CONSENT_MISSING"),
        (12, "", "REPEATED_ROW"),
    ]
    (filed,) = shelf.of(PaperFiled)
    people = await shelf.persons(["199003142014032912", "199407072023212915", "197001052000011901"])
    assert (filed.person, filed.paper.holder) == (people["199003142014032912"], people["199407072023212915"])
    assert filed.paper.words == (PaperWord(stage="unit_head", by=people["197001052000011901"], on=date(2026, 11, 13)),)
    assert (filed.vacancy, filed.paper.since, filed.batch) == (
        vacancy_id("palu", "L-2/2026"),
        date(2026, 11, 16),
        BATCH,
    )
    assert "199003142014032912" not in filed.model_dump_json()
    again = await take(shelf, "cases")
    assert (again["taken"], len(shelf.of(PaperFiled))) == (1, 1)


async def test_a_dry_run_writes_nothing_down() -> None:
    shelf = await town()
    assert (await take(shelf, "cases", dry_run=True))[
        "taken"
    ] == 2  # whether a row agrees with the law shows when taken
    assert shelf.of(PaperFiled) == []


def wanted(**changes: object) -> FilePaper:
    """A paper file of somebody."""
    whole: dict[str, object] = {
        "agency": "palu",
        "person": "p-rina",
        "vacancy": "v:palu:1",
        "number": "800/77",
        "dated": date(2026, 10, 26),
        "received_on": date(2026, 11, 2),
        "stage": "ppk",
        "since": date(2026, 11, 2),
        "initiative": "agency",
        "consent": False,
        "purpose": "p",
        "expected_result": "e",
        "reason": "r",
        "batch": BATCH,
    }
    return FilePaper.model_validate({**whole, **changes})


ID = paper_id("palu", "800/77", "p-rina")


def test_taken_back_it_is_gone_and_written_down_anew_it_is_another_case() -> None:
    shelf = Shelf()
    for expected in (f"{ID}-1", f"{ID}-2"):
        assert shelf.send(PAPERS, ID, wanted())["case"] == expected
        assert paper_of(expected) == ID
        shelf.send(PAPERS, ID, UndoImport(batch=BATCH))
        shelf.send(PAPERS, ID, UndoImport(batch=BATCH))
    assert [event.case for event in shelf.of(PaperWithdrawn)] == [f"{ID}-1", f"{ID}-2"]


def test_once_something_was_decided_it_stays() -> None:
    shelf = Shelf()
    shelf.send(PAPERS, ID, wanted())
    for case in (f"{ID}-9", f"{ID}-1", f"{ID}-1"):
        event = TaskDecided.model_validate({**golden(TaskDecided), "case": case})
        shelf.hear(event, Envelope("e", event.TYPE, f"approval/{case}", case, 3, NOW))
    assert [event.case for event in shelf.of(PaperSealed)] == [f"{ID}-1"]
    with pytest.raises(Refused, match="DECIDED_SINCE"):
        shelf.send(PAPERS, ID, UndoImport(batch=BATCH))


def test_what_is_known_is_not_said_otherwise_and_nobody_writes_down_their_own() -> None:
    shelf = Shelf()
    shelf.send(PAPERS, ID, wanted())
    with pytest.raises(Refused, match="PAPER_KNOWN"):
        shelf.send(PAPERS, ID, wanted(stage="bkn_liaison", batch="i:other"))
    word = PaperWord(stage="unit_head", by="p-me", on=date(2026, 10, 30))
    for own in (wanted(person="p-me"), wanted(words=(word,))):
        message = Message(body=own, id="m", time=NOW, actor=Actor(login="me", person="p-me"))
        with pytest.raises(Refused, match="PARTY_TO_CASE"):
            shelf.decide(PAPERS, "b-x", message)
