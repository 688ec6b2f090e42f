"""Signatures of papers: wanted once, given or refused, asked for again, and forgotten with the person they name."""

from typing import Any

import pytest

from services.approval.domain import PAPERS, Decree, Paper, Particulars, Settled, Sign
from services.approval.domain.papers import ToSign
from shared.contracts.approval import DecreeIssued
from shared.contracts.signatures import (
    DecreeSigned,
    SignatureAsked,
    SignatureRefused,
    SignedPaperErased,
    SignedPaperForgotten,
)
from shared.kernel.decider import Event, FactChanged, Refused, WorkDone
from tests.unit.approval.test_acts import ID, PPK, register
from tests.unit.proposal.bench import Bench
from tests.unit.proposal.kit import actor, office

FILE = {"sha256": "cd" * 32, "signed_at": "2026-11-23T02:14:05+00:00", "by": "p-ppk", "attempt": 3}
GONE = FactChanged(kind=Particulars.KIND, id="p-rina")


def paper() -> Bench[Paper]:
    """The papers of a decree that nobody signed."""
    papers = Bench(PAPERS, ID, {(Particulars, "p-rina"): Particulars(name="Rina", nip="199003142014032912")})
    papers.facts |= register().facts
    return papers


def decree(papers: Bench[Paper]) -> DecreeIssued:
    found = papers.facts[Decree.KIND, ID]
    assert isinstance(found, Decree)
    return found.issued


def asked() -> Bench[Paper]:
    """They wait for a signature."""
    papers = paper()
    (event,) = papers.tell(decree(papers))
    assert isinstance(event, SignatureAsked)
    assert (event.office, event.digest, event.n, event.by) == ("ppk", decree(papers).digest, 1, "")
    return papers


def work(papers: Bench[Paper]) -> tuple[str, str]:
    """Kind and id of the only thing to be done."""
    (one,) = PAPERS.work(papers.state)
    assert one.data == ToSign(paper=ID, decree=ID)
    return one.kind, one.id


def done(papers: Bench[Paper], **outcome: Any) -> list[Event]:
    """The effect came back."""
    kind, id = work(papers)
    return papers.tell(WorkDone(id=id, kind=kind, outcome=outcome))


def code(papers: Bench[Paper], who: Any = PPK, of: str = ID) -> str:
    with pytest.raises(Refused) as refused:
        papers.tell(Sign(paper=of), who)
    return refused.value.code


def test_a_paper_is_signed_once_however_often_the_result_comes() -> None:
    papers = asked()
    assert papers.tell(decree(papers)) == []
    kind, id = work(papers)
    assert kind == "sign"
    assert code(papers) == "SIGNATURE_WAITS"
    (signed,) = done(papers, **FILE)
    assert isinstance(signed, DecreeSigned)
    assert (signed.sha256, signed.by, signed.attempts, signed.agency) == ("cd" * 32, "p-ppk", 3, "palu")
    assert PAPERS.work(papers.state) == ()
    assert papers.tell(WorkDone(id=id, kind=kind, outcome=FILE | {"sha256": "ef" * 32})) == [], "a late second answer"
    assert code(papers) == "ALREADY_SIGNED"


def test_a_refused_signature_can_be_asked_for_again_by_the_authority_alone() -> None:
    papers = asked()
    _, first = work(papers)
    (refused,) = done(papers, code="SIGNER_REFUSED", attempt=1)
    assert isinstance(refused, SignatureRefused)
    assert (refused.code, PAPERS.work(papers.state)) == ("SIGNER_REFUSED", ())
    assert code(papers, actor("p-other", office("unit_head"))) == "OFFICE_NEEDED"
    (again,) = papers.tell(Sign(paper=ID), PPK)
    assert isinstance(again, SignatureAsked)
    assert (again.n, again.by) == (2, PPK.person)
    assert work(papers)[1] != first
    assert papers.tell(WorkDone(id=first, kind="sign", outcome=FILE)) == [], "an answer to the first request"


def test_an_effect_that_failed_altogether_is_a_refusal() -> None:
    papers = asked()
    kind, id = work(papers)
    (refused,) = papers.tell(WorkDone(id=id, kind=kind, ok=False, outcome={"code": "EFFECT_FAILED"}))
    assert isinstance(refused, SignatureRefused)


def test_only_papers_that_exist_are_signed() -> None:
    papers = paper()
    papers.facts[Settled.KIND, "sk-c-9-1-revoked"] = Settled(code="revoked")
    assert code(papers, of="sk-c-9-1-revoked") == "NOT_FOUND"
    assert code(papers, of=f"{ID}-revoked") == "NOT_FOUND"
    assert isinstance(papers.tell(Sign(paper=ID), PPK)[0], SignatureAsked), "issued before signing was switched on"


def test_who_is_forgotten_is_forgotten_in_the_signed_file() -> None:
    papers = asked()
    assert papers.tell(GONE) == [], "they are known"
    done(papers, **FILE)
    papers.facts[Particulars.KIND, "p-rina"] = None
    assert [type(event) for event in papers.tell(GONE)] == [SignedPaperForgotten]
    assert work(papers)[0] == "erase"
    assert papers.tell(GONE) == []
    assert [type(event) for event in done(papers)] == [SignedPaperErased]
    assert PAPERS.work(papers.state) == ()


def test_who_is_forgotten_while_the_signer_is_at_work_is_forgotten_too() -> None:
    papers = asked()
    papers.facts[Particulars.KIND, "p-rina"] = None
    assert [type(event) for event in done(papers, **FILE)] == [DecreeSigned, SignedPaperForgotten]
