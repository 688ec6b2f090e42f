"""The timeline of a case as a file: every event, and who did it as far as the reader may know."""

import csv
import io
from datetime import timedelta

from services.portal.remote import Answer
from shared.contracts.proposal import ProposalReturned
from shared.kernel.decider import Actor
from tests.unit.portal.test_meanwhile import NEW, OFFICER, claimed, desk
from tests.unit.portal.visited import Visited

FILE = "/perkara/c1/linimasa.csv"


async def lines(visited: Visited, lang: str = "id") -> list[dict[str, str]]:
    """The rows of the file."""
    reply = await visited.request("GET", FILE, lang)
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert reply.headers["content-disposition"] == 'attachment; filename="linimasa-c1.csv"'
    return list(csv.DictReader(io.StringIO(reply.text)))


def told(actor: Actor) -> Visited:
    """A case that was taken on by Rina and came back."""
    visited = desk(actor)
    claimed(visited)
    back = ProposalReturned(
        case="c1", person="p-budi", attempt=1, code="BERKAS_TIDAK_LENGKAP", reason="=1+1", until=NEW
    )
    visited.shelf.hear(back, NEW + timedelta(seconds=1))
    visited.answers["GET /v1/cases/c1"] = Answer(200, {})
    return visited


async def test_an_official_reads_the_oldest_first_with_names() -> None:
    first, second, last = await lines(told(OFFICER))
    assert (first["who"], second["who"], last["who"]) == ("Budi", "Rina", "")
    assert (second["moment"], second["what"]) == ("2026-11-23T09:55:00+07:00", "Tugas diambil pejabat")
    assert (last["codes"], last["reason"]) == ("BERKAS_TIDAK_LENGKAP", "'=1+1"), "no cell is a formula"


async def test_the_person_reads_no_name_but_their_own() -> None:
    found = await lines(told(Actor(login="budi", person="p-budi")), "en")
    assert [one["who"] for one in found] == ["Budi", "", ""]
    assert found[1]["what"] == "An official took the task on"


async def test_whoever_may_not_see_the_case_gets_no_file() -> None:
    visited = told(Actor(login="lain", person="p-lain"))
    visited.answers["GET /v1/cases/c1"] = Answer(403, {"code": "FORBIDDEN", "detail": "-"})
    reply = await visited.request("GET", FILE)
    assert (reply.status_code, "Rina" in reply.text) == (404, False)
