"""How a paper stands: what its holder may rely on today, whatever order the events came in."""

from datetime import UTC, date, datetime
from random import Random

import pytest

from services.portal.consumers import papers
from services.portal.domain.facts import Paper
from services.portal.domain.standing import standing
from shared.contracts.approval import DecreeAmended, DecreeCorrected, DecreeIssued, DecreeRevoked
from shared.contracts.signatures import DecreeSigned
from shared.kernel.decider import Event
from tests.unit.portal.test_story import CONTENT, START, entries

DAY, MARCH = date(2027, 1, 1), date(2027, 3, 1)
ABOUT = {"case": "c1", "decree": "sk-1", "person": "orang-1"}
NUMBERED = {**ABOUT, "agency": "palu", "year": 2026, "issued_on": START.date(), "signatory": "ppk", "by": "rahasia"}
ISSUED = DecreeIssued.model_validate(
    {
        **NUMBERED,
        "attempt": 1,
        "number": 1,
        "number_text": "800/1",
        "origin": CONTENT.origin,
        "vacancy": "v1",
        "target": CONTENT.target,
        "effective_on": DAY,
        "digest": "a" * 64,
    }
)
AMENDED = DecreeAmended.model_validate(
    {
        **NUMBERED,
        "amendment": "sk-1-amended-2026-2",
        "number": 2,
        "number_text": "800/2",
        "was_effective_on": DAY,
        "effective_on": MARCH,
        "consequences": (),
        "reason": "menunggu pengganti",
        "digest": "b" * 64,
    }
)
REVOKED = DecreeRevoked.model_validate(
    {
        **NUMBERED,
        "revocation": "sk-1-revoked",
        "code": "AUTHORITY",
        "number": 3,
        "number_text": "800/3",
        "digest": "c" * 64,
    }
)
CORRECTED = DecreeCorrected.model_validate(
    {
        **ABOUT,
        "n": 1,
        "part": "target_unit",
        "wrong": "Dinas A",
        "right": "Dinas B",
        "reason": "salah tulis sekali",
        "corrected_on": START.date(),
        "by": "rahasia",
    }
)
SIGNED = DecreeSigned.model_validate(
    {
        **ABOUT,
        "paper": "sk-1",
        "agency": "palu",
        "office": "ppk",
        "digest": "a" * 64,
        "sha256": "d" * 64,
        "signed_at": START,
        "by": "rahasia",
    }
)


def paper(event: DecreeIssued | DecreeAmended | DecreeRevoked) -> Paper:
    """What the portal keeps of it."""
    (learned,) = papers(event)
    assert learned.id == event.digest
    assert isinstance(learned.value, Paper)
    return learned.value


@pytest.mark.parametrize(
    ("events", "status", "effective"),
    [
        ([], "valid", DAY),
        ([CORRECTED], "corrected", DAY),
        ([CORRECTED, AMENDED], "amended", MARCH),
        ([AMENDED, REVOKED], "revoked", MARCH),
        ([DecreeRevoked(case="c1", decree="sk-1", code="USIA_BUP", person="orang-1")], "revoked", DAY),
        ([REVOKED.model_copy(update={"decree": "sk-2"})], "valid", DAY),
    ],
)
def test_the_first_paper_stands_as_the_later_ones_say(events: list[Event], status: str, effective: date) -> None:
    told = entries(ISSUED, SIGNED, *events)
    Random(3).shuffle(told)
    found = standing(paper(ISSUED), told)
    assert (found.status, found.effective_on) == (status, effective)
    assert (found.signed_at, found.files) == (START, ("d" * 64,))


def test_the_later_papers_stand_for_themselves() -> None:
    told = entries(ISSUED, AMENDED, SIGNED)
    found = standing(paper(AMENDED), told)
    assert (found.status, found.effective_on, found.files) == ("valid", MARCH, ())
    assert standing(paper(AMENDED), [*told, *entries(REVOKED)]).status == "revoked"
    assert standing(paper(REVOKED), [*told, *entries(REVOKED)]).status == "valid"
    (act,) = standing(paper(ISSUED), told).amendments
    assert (act.number, act.on, act.effective_on) == ("800/2", START.date(), MARCH)


def test_a_refused_move_brings_no_paper_and_nothing_kept_names_an_official() -> None:
    assert list(papers(DecreeRevoked(case="c1", decree="sk-1", code="USIA_BUP"))) == []
    assert "rahasia" not in paper(AMENDED).model_dump_json()
    assert isinstance(START, datetime)
    assert START.tzinfo is UTC
