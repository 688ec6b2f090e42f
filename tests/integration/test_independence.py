"""One service is away: what the others still do, and that everything completes when it is back."""

import asyncio
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import httpx
import pytest

from tests.support.offers import offer
from tests.support.region import CHAIN, WISH, Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
FIRST, *REST = CHAIN
MAILS = 240.0
"""Seconds: where a decree cannot be fetched in time, its mail is tried five times over ten seconds, with pauses."""


@contextmanager
def away(region: Region, service: str) -> Iterator[None]:
    """All processes of the service are ended in order, and started again behind the block whatever happens in it."""
    gone = [replica for replica in region.system.running if replica.service == service]
    for replica in gone:
        replica.server.stop()
    try:
        for replica in gone:
            with pytest.raises(httpx.ConnectError):
                region.http.get(f"{replica.url}/health/live")
        yield
    finally:
        for replica in gone:
            replica.server.start()
        for replica in gone:
            replica.server.wait_ready()


def in_chain(region: Region) -> tuple[str, str]:
    """An applicant and their case, whose first stage has decided."""
    login = region.colleague()
    case = region.apply(login, region.vacancy())
    region.decide(login, case, FIRST)
    return login, case


def test_without_evaluation_files_are_taken_and_approvals_go_on(region: Region) -> None:
    """New files wait to be evaluated, and a chain that is through waits for its re-check; both complete later."""
    login, case = in_chain(region)
    newcomer, vacancy = region.colleague(), region.vacancy()
    with away(region, "evaluation"):
        waiting = region.apply(newcomer, vacancy)
        assert region.get(newcomer, "proposal", f"/v1/proposals/{waiting}")["receipt"]
        region.approve(login, case, tuple(REST))
        seen = region.until("the chain is through", lambda: part(region, login, case, "granted"))
        assert (seen["status"], seen["confirmed"]) == ("submitted", False)
        assert region.ask(newcomer, "GET", "approval", f"/v1/cases/{waiting}").status_code == 404
    region.decree(login, case)
    region.turn(newcomer, waiting, FIRST)


def part(region: Region, login: str, case: str, name: str) -> Any:
    """The proposal, once it has that answer."""
    found = region.get(login, "proposal", f"/v1/proposals/{case}")
    return found if found[name] else None


def test_without_notification_decrees_are_issued_and_mails_come_later(region: Region) -> None:
    """Nobody is told for a while, and everything goes on; then everybody is told, once."""
    login, address = region.colleague(), ""
    address = f"{login}@palu.example"
    with away(region, "notification"):
        case = region.apply(login, region.vacancy())
        region.approve(login, case)
        region.decree(login, case)
        assert region.mails(address, case) == []
    try:
        region.until("the mails", lambda: len(region.mails(address, case)) >= 4, MAILS)
    except AssertionError as late:
        told = region.get(login, "notification", "/v1/messages")["items"]
        states = [(one["template"], one["status"], one["code"], one["queued_at"], one["attempts"]) for one in told]
        lines = region.get(region.system.admin, "notification", "/v1/channels")
        raise AssertionError(f"{late}; the ledger has {states}, the channels are {lines}") from None
    subjects = region.mails(address, case)
    assert len(subjects) == len(set(subjects)) == 4
    for official in CHAIN.values():
        inbox = region.address(official)
        region.until(f"a mail to {official}", partial(one_mail, region, inbox, case), MAILS)


def one_mail(region: Region, address: str, case: str) -> bool:
    """True when exactly one mail about the case lies there."""
    return len(region.mails(address, case)) == 1


def test_without_the_registry_cases_go_from_the_application_to_the_decree(region: Region) -> None:
    """Everybody decides on their own copies; an agency's offer and the scheduled move wait on the broker."""
    login, vacancy, reference = region.colleague(), region.vacancy(), f"T-{uuid.uuid4().hex[:12]}"
    region.draft(login, vacancy)
    with away(region, "registry"):
        case = region.apply(login, vacancy)
        region.approve(login, case)
        paper = region.decree(login, case)
        asyncio.run(region.offer(offer(reference)))
    path = f"/v1/vacancies/v:palu:{reference}"
    region.until("the offer is published", lambda: region.ask(login, "GET", "registry", path).is_success)
    moves = region.until("the move is scheduled", lambda: region.get(login, "registry", "/v1/me").get("moves"))
    assert [move["decree"] for move in moves] == [paper["decree"]]


def test_without_approval_files_are_evaluated_and_may_be_withdrawn(region: Region) -> None:
    """The chain begins when the service is back, but not for a file that was taken back meanwhile."""
    stays, leaves = region.colleague(), region.colleague()
    vacancy = region.vacancy(quota=2)
    with away(region, "approval"):
        kept, left = region.apply(stays, vacancy), region.apply(leaves, vacancy)
        for login, case in ((stays, kept), (leaves, left)):
            path = f"/v1/evaluations/{case}"
            region.until("the evaluation", partial(region.answers, login, "evaluation", path))
        region.post(leaves, "proposal", f"/v1/proposals/{left}/withdraw", {"reason": "Berubah pikiran"})
    region.turn(stays, kept, FIRST)
    closed = region.until("it is closed", lambda: closed_case(region, leaves, left))
    assert (closed["task"], closed["cause"]) == (None, "withdrawn")


def closed_case(region: Region, login: str, case: str) -> Any:
    """The approval case, once it is closed."""
    answer = region.ask(login, "GET", "approval", f"/v1/cases/{case}")
    return answer.json() if answer.is_success and answer.json()["status"] == "closed" else None


def test_without_proposals_approvers_decide_and_vacancies_are_published(region: Region) -> None:
    """The arbiter is away, so nothing is approved; what was decided is not lost, and it answers when it is back."""
    login, case = in_chain(region)
    with away(region, "proposal"):
        region.approve(login, case, tuple(REST))
        region.vacancy()
        assert region.get(login, "evaluation", f"/v1/evaluations/{case}")["eligible"]
        assert region.get(login, "approval", f"/v1/cases/{case}")["decree"] is None
    region.decree(login, case)


def test_one_replica_of_two_takes_what_the_other_cannot(region: Region) -> None:
    """Half of the proposal service is away: the other half still takes files in; later both know them."""
    login, vacancy = region.colleague(), region.vacancy()
    region.draft(login, vacancy)
    replica = region.system.of("proposal", 1)
    replica.server.stop()
    try:
        answer = region.ask(login, "POST", "proposal", "/v1/proposals", {**WISH, "vacancy": vacancy})
        assert answer.status_code == 201, answer.text
        case = answer.json()["id"]
        region.post(login, "proposal", f"/v1/proposals/{case}/submit", {})
    finally:
        replica.server.start()
        replica.server.wait_ready()
    assert region.ask(login, "GET", "proposal", f"/v1/proposals/{case}", replica=1).json()["status"] == "submitted"
    region.turn(login, case, FIRST)
