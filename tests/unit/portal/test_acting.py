"""The header of an approver's pages says for whom one acts today."""

from datetime import date
from typing import Any

import pytest

from services.portal.remote import Answer
from shared.contracts.registry import OfficeAssigned, OfficeEnded
from shared.contracts.tasks import Mandate, SubstituteAppointed, SubstituteEnded
from shared.kernel.decider import Office
from tests.unit.portal.test_meanwhile import OFFICER, OLD, desk
from tests.unit.portal.visited import Visited

PPK = Office(office="ppk", agency="palu", since=date(2026, 1, 1))
QUEUE: dict[str, Any] = {"items": [], "next": ""}


def standing_in(since: date, until: date) -> Visited:
    """The user may act for Rina between these days."""
    visited = desk()
    visited.shelf.hear(OfficeAssigned(person="p-rina", office=PPK, offices=(PPK,)), OLD)
    right = Mandate(id="1", absent="p-rina", office="ppk", agency="palu", since=since, until=until)
    said = {"substitute": OFFICER.person, "mandate": right, "mandates": (right,), "by": "p-rina"}
    visited.shelf.hear(SubstituteAppointed.model_validate(said), OLD)
    visited.answers["GET /v1/tasks"] = Answer(200, QUEUE)
    return visited


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("id", "Anda bertindak untuk <strong>Rina</strong>: Pejabat Pembina Kepegawaian (PPK), Palu"),
        ("en", "You are acting for <strong>Rina</strong>: "),
    ],
)
async def test_a_right_that_holds_today_is_said_in_both_languages(lang: str, line: str) -> None:
    visited = standing_in(date(2026, 11, 23), date(2026, 11, 24))
    assert line in (await visited.request("GET", "/tugas", lang)).text


@pytest.mark.parametrize(
    ("since", "until"),
    [(date(2026, 11, 24), date(2026, 11, 30)), (date(2026, 11, 1), date(2026, 11, 23))],
    ids=["tomorrow", "over"],
)
async def test_a_right_of_another_day_is_not_said(since: date, until: date) -> None:
    assert "bertindak untuk" not in (await standing_in(since, until).request("GET", "/tugas")).text


async def test_a_right_that_was_ended_is_not_said_nor_any_on_the_own_pages() -> None:
    visited = standing_in(date(2026, 11, 23), date(2026, 11, 24))
    assert "bertindak untuk" not in (await visited.request("GET", "/data-saya")).text
    right = Mandate(id="1", absent="p-rina", office="ppk", agency="palu", since=OLD.date(), until=date(2026, 11, 24))
    ended = {"substitute": OFFICER.person, "mandate": right, "mandates": (), "by": "p-rina"}
    visited.shelf.hear(SubstituteEnded.model_validate(ended), OLD)
    assert "bertindak untuk" not in (await visited.request("GET", "/tugas")).text


async def test_a_right_ends_with_the_office_of_who_is_absent() -> None:
    visited = standing_in(date(2026, 11, 23), date(2026, 11, 24))
    visited.shelf.hear(OfficeEnded(person="p-rina", office=PPK, offices=()), OLD)
    assert "bertindak untuk" not in (await visited.request("GET", "/tugas")).text
