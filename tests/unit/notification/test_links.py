"""Links of mails: a scanner that follows them all changes nothing; a button does what it says, once, for one person."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape

import httpx
import pytest

from services.notification.app import SERVICE
from services.notification.domain.entry import Entry
from services.notification.domain.facts import Reader
from services.notification.domain.ledger import MESSAGES, Send
from services.notification.domain.links import Follow
from services.notification.domain.preferences import PREFERENCES, Preferences, categories
from services.notification.links import Link, Links, NoLink
from services.notification.site import Desk, make_site, sentences
from services.notification.words import Pages, words
from shared.runtime.clock import SystemClock
from shared.runtime.engine import Engine, Ports
from shared.runtime.ports import Entry as Out
from tests.support.sim.store import MemoryStore
from tests.unit.notification.samples import NOW, Run
from tests.unit.notification.smtpd import SITI, known_links

BASE, MAIL = "https://notices.example.test", "m:" + "a" * 32
NOTICE, OTHERS = "m:" + "b" * 32, "m:" + "c" * 32
ADDRESS = re.compile(r"https://notices\.example\.test(/n/[^\s\"<>]+)|(?:href|action)=\"(/n/[^\"]+)\"")


class Nowhere:
    """A bus that nobody listens to."""

    async def send(self, _entry: Out) -> "asyncio.Future[None]":
        """Taken at once."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        done.set_result(None)
        return done

    async def renew(self) -> None:
        """Nothing to renew."""


class Clock(SystemClock):
    """Domain time as the test wants it."""

    at = NOW

    def now(self) -> datetime:
        """The test's time."""
        return self.at


class Everybody:
    """Everybody reads Indonesian."""

    async def reader(self, _person: str, _channel: str) -> Reader:
        """Siti."""
        return Reader(SITI)


@dataclass
class Site:
    """The pages over an engine on a store in memory, and a client."""

    web: httpx.AsyncClient
    engine: Engine
    links: Links
    clock: Clock

    async def wishes(self, person: str = "p901") -> Preferences:
        found = await self.engine.load(PREFERENCES, person)
        return found[1] if found else PREFERENCES.initial(person)

    def path(self, message: str, act: str, until: datetime | None = None) -> str:
        link = Link(message, act, until or NOW + timedelta(days=60))  # type: ignore[arg-type]
        return f"/n/{self.links.token(link)}"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """With three messages in the ledger: two of Siti, of which one is legal, and one of somebody else."""
    store, clock = MemoryStore(SERVICE, lambda: 0.0), Clock()
    told = {"status": "sent", "channel": "email"}
    for entry in (
        Entry(message=MAIL, person="p901", category="case", **told),
        Entry(message=NOTICE, person="p901", category="decision", legal=True, **told),
        Entry(message=OTHERS, person="p902", category="case", **told),
    ):
        state = entry.model_dump(mode="json")
        store.tables.put(MESSAGES.name, entry.message, {"_id": entry.message, "rev": 1, "sequence": 1, "state": state})
    engine = Engine(SERVICE, Ports(store, Nowhere(), clock))
    running = asyncio.get_running_loop().create_task(engine.executor.run())
    links = known_links()
    app = make_site(Desk(engine, Everybody(), links))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=BASE) as web:
        yield Site(web, engine, links, clock)
    running.cancel()


def mail_of(site: Site, message: str, *, legal: bool) -> str:
    """Text and HTML of a mail with its links."""
    letter = Send(message=message, person="p901", template="proposal.refused", page="cases/c1", values={"case": "c1"})
    off, seen = (site.links.url(message, act, NOW) for act in ("off", "seen"))
    said = words(letter, SITI, {}, Pages("https://portal.example.test", "" if legal else off, seen if legal else ""))
    return said.text + said.html


async def scan(site: Site, text: str) -> set[str]:
    """What a scanner does: GET (and HEAD) every address it finds, and every address on the pages it gets."""
    seen: set[str] = set()
    waiting = [unescape(a or b) for a, b in ADDRESS.findall(text)]
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            await site.web.head(path)
            page = await site.web.get(path)
            waiting += [unescape(a or b) for a, b in ADDRESS.findall(page.text)]
    return seen


async def test_a_scanner_that_follows_every_link_changes_nothing(site: Site) -> None:
    found = await scan(site, mail_of(site, MAIL, legal=False)) | await scan(site, mail_of(site, NOTICE, legal=True))
    assert {part.split(".")[1] for part in found if "static" not in part} == {"off", "seen"}
    assert (await site.wishes()) == Preferences(person="p901")
    entry = await site.engine.load(MESSAGES, NOTICE)
    assert entry is not None
    assert entry[1].seen_at is None
    assert (await site.web.get(site.path(MAIL, "off"))).status_code == 200, "and the link still works"


async def test_the_button_acts_once_and_can_be_taken_back_once(site: Site) -> None:
    path = site.path(MAIL, "off")
    page = await site.web.get(path)
    assert "Berhenti menerima surel ini?" in page.text
    assert "perkembangan usulan" in page.text
    done = await site.web.post(path)
    assert done.status_code == 200
    assert (await site.wishes()).wishes.off == ("case:email",)
    assert (await site.wishes("p902")).wishes.off == ()
    for again in (await site.web.post(path), await site.web.get(path)):
        assert again.status_code == 410
        assert "Tautan ini sudah dipakai" in again.text
    [undo] = re.findall(r'action="https://notices\.example\.test(/n/[^"?]+)', done.text)
    assert (await site.web.post(undo)).status_code == 200
    assert (await site.wishes()).wishes.off == ()
    assert (await site.web.post(undo)).status_code == 410


async def test_one_click_of_a_mail_program_needs_nothing_but_the_address(site: Site) -> None:
    """RFC 8058: a POST with this body, without cookies and without a page before it."""
    answer = await site.web.post(site.path(MAIL, "off"), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert (await site.wishes()).wishes.off == ("case:email",)


async def test_reading_is_confirmed_once(site: Site) -> None:
    path = site.path(NOTICE, "seen")
    assert "persetujuan" in (await site.web.get(path)).text
    assert (await site.web.post(path)).status_code == 200
    entry = await site.engine.load(MESSAGES, NOTICE)
    assert entry is not None
    assert entry[1].seen_at == NOW
    assert (await site.web.get(path)).status_code == 410


async def test_a_legal_notice_cannot_be_switched_off_by_any_link(site: Site) -> None:
    assert (await site.web.post(site.path(NOTICE, "off"))).status_code == 200
    assert (await site.wishes()).wishes.off == ()


async def test_a_link_ends_and_cannot_be_bent_to_another_message(site: Site) -> None:
    own, foreign = site.path(MAIL, "off"), site.path(OTHERS, "off")
    bent = own.replace("a" * 32, "c" * 32)
    longer = own.replace(own.split(".")[2], "9999999999")
    unsigned, gone = own[:-1] + ("A" if own[-1] != "A" else "B"), site.path("m:" + "d" * 32, "off")
    for path in (bent, longer, unsigned, gone, "/n/x", "/n/..%2Fx"):
        for answer in (await site.web.get(path), await site.web.post(path)):
            assert answer.status_code == 404, path
            assert "Tautan ini tidak dikenal" in answer.text
    site.clock.at = NOW + timedelta(days=60)
    expired = await site.web.post(foreign)
    assert expired.status_code == 410
    assert "kedaluwarsa" in expired.text
    assert (await site.wishes("p902")) == Preferences(person="p902")


async def test_pages_speak_both_languages_and_run_no_script(site: Site) -> None:
    path = site.path(MAIL, "off")
    page = await site.web.get(f"{path}?lang=en")
    assert '<html lang="en">' in page.text
    assert "Stop these e-mails?" in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script" not in policy + page.text
    assert (await site.web.get("/n/static/page.css")).headers["content-type"].startswith("text/css")


def test_every_sentence_has_both_languages_and_every_category_a_name() -> None:
    def faults(value: object, place: str) -> list[str]:
        assert isinstance(value, dict), place
        if "id" in value or "en" in value:
            missing = {"id", "en"} - value.keys()
            return [f"{place}: {one}" for one in missing] + (faults(value["mend"], place) if "mend" in value else [])
        return [fault for name, inner in value.items() for fault in faults(inner, f"{place}.{name}")]

    assert faults(dict(sentences()), "words") == []
    assert {name for name, free in categories().items() if free} <= sentences()["categories"].keys()


def test_used_links_are_forgotten_when_they_have_expired_anyway() -> None:
    run = Run(PREFERENCES, "p901")
    for number in range(3):
        now = NOW + timedelta(days=number)
        follow = Follow(message=f"m:{number}", act="off", what=("case:email",), until=now + timedelta(days=1))
        run.tell(follow, time=now)
    assert list(run.state.used) == ["2-off"]


def test_another_secret_reads_nothing() -> None:
    token = known_links().token(Link(MAIL, "off", datetime(2027, 1, 1, tzinfo=UTC)))
    with pytest.raises(NoLink, match="LINK_UNKNOWN"):
        Links(BASE, 60, b"other").read(token, NOW)
