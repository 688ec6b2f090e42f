"""What moves brought, on running processes with a clock of their own: six units that got people against six that did
not (KP2, KP3, pulse, with intervals), and what the better region does, told to the next plan (B16, J16)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, NamedTuple
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from shared.kernel.calendar import add_months
from tests.e2e.visitor import CHROMIUM, WIDE, Person, shoot
from tests.e2e.world import World
from tests.support.region import CHAIN, Region
from tests.support.running import running_region
from tests.support.system import EVERYTHING

pytest_plugins = ("tests.e2e.browser",)
pytestmark = [
    pytest.mark.wide,
    pytest.mark.e2e,
    pytest.mark.timeout(860),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install -y chromium"),
]
PERSONNEL, PPK, REGISTRAR = "palu-personnel-verifier", "palu-ppk", "palu-registrar"
EACH = 6  # units on either side, and moves of either agency
SWING = (3, -2, 2, -3, 1, -1)  # by chance, added to every figure
LEVELS: Mapping[str, tuple[int, int]] = {"picking": (90, 88), "before": (60, 60), "after": (36, 60)}
"""Complaints a month per 1,000 services, by window: of units that got people, and of the others."""
PULSE = ("strain", "morale", "climate", "valued")


class Moved(NamedTuple):
    """Case -> who moved by it at Palu and at the other agency, and when the last of them did."""

    palu: dict[str, str]
    other: dict[str, str]
    agency: str
    on: date


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    with running_region(tmp_path_factory.mktemp("effects"), EVERYTHING) as running:
        yield running


def unit(number: int) -> str:
    """Code of a unit: the first six get people."""
    return f"loket-{number}"


@pytest.fixture(scope="module")
def moved(region: Region) -> Moved:
    """Six people of Palu, each to another unit, and six within another agency."""
    for number in range(2 * EACH):
        told = {"agency": "palu", "unit": unit(number), "name": f"Loket {number}", "kind": "office"}
        region.post(region.system.admin, "registry", "/v1/units", told)
    palu = {case: login for case, login in (_to_unit(region, number) for number in range(EACH))}
    agency, other = _elsewhere(region)
    papers = [region.decree(login, case) for case, login in {**palu, **other}.items()]
    last = max(paper["effective_on"] for paper in papers)
    region.advance(last)
    for case, login in {**palu, **other}.items():
        region.status(login, case, "completed")
    return Moved(palu, other, agency, date.fromisoformat(last))


def _to_unit(region: Region, number: int) -> tuple[str, str]:
    """Somebody of Setda moves to this unit, whose superior is that of Setda: case and login."""
    boss = region.get(CHAIN["direct_superior"], "registry", "/v1/me")["id"]
    held = {"office": "direct_superior", "agency": "palu", "unit": unit(number), "since": "2024-01-02"}
    region.post(region.system.admin, "registry", f"/v1/people/{boss}/offices", held)
    post = {"agency": "palu", "unit": unit(number), "post": f"{unit(number)}-penata", "title": "Penata Loket"}
    seats = {"kind": "staff", "seats": 3, "retirement_age": 58}
    region.post(region.system.admin, "registry", "/v1/posts", {**post, **seats, "requirements": {"rank_min": "III/a"}})
    login = region.colleague()
    case = region.apply(login, region.vacancy(post=f"p:palu:{unit(number)}-penata"))
    region.approve(login, case)
    return case, login


def _elsewhere(region: Region) -> tuple[str, dict[str, str]]:
    """Six people move within another agency, by its own officials: its code, and case -> login."""
    world = World(region.system).make()
    post = {"agency": world.agency, "unit": "tujuan", "post": "loket", "title": "Penata Loket", "kind": "staff"}
    demands = {"seats": EACH, "retirement_age": 58, "requirements": {"rank_min": "III/a"}}
    region.post(region.system.admin, "registry", "/v1/posts", post | demands)
    vacancy = _vacancy(region, world.agency)
    logins = [world.join(f"Pindah{number}", 911 + number) for number in range(EACH)]
    for login in logins:
        region.until(f"{login} is known", partial(region.answers, login, "proposal", "/v1/proposals"))
    cases = {region.apply(login, vacancy): login for login in logins}
    for case, login in cases.items():
        for stage in CHAIN:
            task = region.turn(login, case, stage)["task"]["task"]
            region.post(world.login(stage), "approval", f"/v1/tasks/{task}/claim")
            region.post(world.login(stage), "approval", f"/v1/tasks/{task}/decide", {"decision": "approve"})
    return world.agency, cases


def _vacancy(region: Region, agency: str) -> str:
    wish = {"agency": agency, "post": f"p:{agency}:loket", "quota": EACH, "closes_on": "2030-12-31", "purpose": "p"}
    more, key = {"reference": "B-1", "mode": "first_come", "admits": ["one_agency"]}, uuid4().hex

    def published() -> str | None:
        answer = region.ask(region.system.admin, "POST", "registry", "/v1/vacancies", wish | more, key=key)
        return str(answer.json()["id"]) if answer.is_success else None

    return region.until("the vacancy", published)


def _months(on: date) -> dict[str, list[str]]:
    """The windows around moves that took effect on one day, as the definition has them."""
    first = on.replace(day=1)
    starts = {"before": -6, "picking": -3, "after": 1}
    return {name: [f"{add_months(first, start + at):%Y-%m}" for at in range(3)] for name, start in starts.items()}


def _tell(region: Region, on: date) -> None:
    """Every unit's complaints, satisfaction and survey, month by month."""
    for window, months in _months(on).items():
        for number in range(2 * EACH):
            level = LEVELS[window][number >= EACH] + SWING[number % EACH] * (1 if window == "after" else -1)
            for month in months:
                about = {"agency": "palu", "unit": unit(number), "month": month}
                served = {"service": "loket", "complaints": level, "served": 1000, "satisfaction": 10_000 - 50 * level}
                region.post(REGISTRAR, "registry", "/v1/signals/services", about | served)
                counted = dict.fromkeys(("strained", "low_morale", "poor_climate", "unvalued"), level)
                region.post(REGISTRAR, "registry", "/v1/signals/surveys", about | {"answers": 100} | counted)


def figures(region: Region) -> dict[str, dict[str, Any]]:
    """Indicator -> figures by name, and why it waits."""
    items = region.get(PERSONNEL, "evaluation", "/v1/agencies/palu/indicators?lang=en")["items"]
    return {one["indicator"]: {**one, "parts": {part["part"]: part for part in one["figures"]}} for one in items}


def _answered(region: Region, moved: Moved) -> None:
    """After three months: reached at Palu by both voices, not reached at the other by the people themselves."""
    (mine, *_) = region.get(next(iter(moved.palu.values())), "evaluation", "/v1/reviews")["items"]
    region.advance((datetime.fromisoformat(mine["due"]) + timedelta(hours=2)).isoformat())
    boss = CHAIN["direct_superior"]
    for cases, who_else, result in ((moved.palu, (boss,), "reached"), (moved.other, (), "not_reached")):
        for case, login in cases.items():
            for who in (login, *who_else):
                body = {"months": 3, "answers": {"result": result}}
                region.until(f"{who} is asked about {case}", partial(_said, region, who, case, body))


def _said(region: Region, login: str, case: str, body: dict[str, Any]) -> bool:
    return region.ask(login, "POST", "evaluation", f"/v1/reviews/{case}/answers", body).is_success


def test_effects_of_six_units_against_six_and_the_practice_of_the_better_region(
    region: Region, moved: Moved, browser: Browser
) -> None:
    assert figures(region)["KP2"]["waits"] == "TOO_EARLY"
    _answered(region, moved)
    region.advance(str(moved.on + timedelta(days=150)))
    assert figures(region)["KP2"]["waits"] == "FIGURES_MISSING"
    _tell(region, moved.on)
    region.until("all surveys are heard", lambda: not any(figures(region)[name]["waits"] for name in ("KP2", *PULSE)))
    found = region.until("KP3 as well", lambda: told if not (told := figures(region))["KP3"]["waits"] else None)
    # The planted fall is 24 of 60 complaints per 1,000; satisfaction and answers were made to follow complaints.
    for name, planted in (("KP2", -24.0), ("KP3", -12.0), *((one, -0.24) for one in PULSE)):
        effect = found[name]["parts"]["effect"]
        assert effect["low"] < effect["value"] < effect["high"] < 0, name
        assert effect["value"] == pytest.approx(planted, rel=0.15), name
        assert (effect["n"], found[name]["parts"]["others"]["n"]) == (EACH, EACH), name
    _seen(region, browser)
    _lesson(region, moved)


def _seen(region: Region, browser: Browser) -> None:
    """The same in a browser: every effect drawn and called better."""
    context = browser.new_context(viewport=WIDE, java_script_enabled=False)
    officer = Person(region, context, PERSONNEL)
    officer.sign_in()
    assert shoot(region, browser, officer, {"effects": "/hasil"}) == []
    officer.go("/hasil")
    expect(officer.page.locator("svg.effect-good")).to_have_count(2 + len(PULSE))
    context.close()


def _lesson(region: Region, moved: Moved) -> None:
    """The comparison finds Palu better; what it does is noted for the other agency's next plan, and seen there."""
    compared = {one["region"]: one for one in region.get(PPK, "evaluation", "/v1/regions/results")["items"]}
    assert (compared["palu"]["standing"], compared["palu"]["observed"]) == ("better", EACH)
    assert (compared[moved.agency]["standing"], compared[moved.agency]["observed"]) == ("worse", 0)
    agency, verifier = moved.agency, f"personnel_verifier-{moved.agency.removeprefix('uji-')}"
    span = {"since": str(moved.on - timedelta(days=60)), "until": str(region.now().date())}
    note = {**span, "region": "palu", "practice": "Pendampingan dua minggu di loket baru"}
    region.post(verifier, "evaluation", f"/v1/agencies/{agency}/lessons", note)
    wish = {"agency": agency, "title": "Rencana 2028", "purpose": "Pemerataan", "expected_result": "Antrean turun"}
    plan = region.post(verifier, "evaluation", "/v1/plans", wish)["id"]
    (lesson,) = region.get(verifier, "evaluation", f"/v1/plans/{plan}/findings")["lessons"]
    assert (lesson["region"], lesson["practice"]) == ("palu", note["practice"])
    assert lesson["basis"]["observed"] == str(EACH)
