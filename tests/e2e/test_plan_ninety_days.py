"""Story 2 to its end, on running processes with a clock of their own: the batch is decided, moves, and is looked at
ninety days later."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.planning import PLANNER, REGISTRAR, City, Studio, consulted, heard, published
from tests.support.region import CHAIN, Region
from tests.support.running import running_region

pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(840)]
OF_UNIT = ("direct_superior", "unit_head")
COMPLAINTS = {"dukcapil": (96, 41, 38), "dinkes": (41, 40, 41), "disdik": (12, 12, 12)}
"""Unit -> complaints a month while it was picked, before that, and after the moves."""


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    with running_region(tmp_path_factory.mktemp("story2")) as running:
        yield running


def test_story_2_after_ninety_days_complaints_are_compared_with_baseline_and_control_units(region: Region) -> None:
    city, studio = City(region), Studio(region)
    officials(region, city)
    studio.write("dasar", city.scenario())
    studio.run("dasar", persons=20)
    logins = {move["person"]: city.login(move["person"]) for move in studio.get("/scenarios/dasar/result")["moves"]}
    consulted(region, studio, next(iter(logins.values())), city)
    cases = published(region, studio, city)
    for person, case in cases.items():
        assert heard(region, logins[person], case)["receipt"]
        region.approve(logins[person], case)
    papers = [region.decree(logins[person], case) for person, case in cases.items()]
    region.advance(max(paper["effective_on"] for paper in papers))
    for person, case in cases.items():
        region.status(logins[person], case, "completed")

    early = region.until("the plan has effect", lambda: outcome(studio, "TOO_EARLY"))
    region.advance(f"{early['due']}T09:00:00+08:00")
    region.until("figures are asked for", lambda: outcome(studio, "FIGURES_MISSING"))
    tell(region, city, early["windows"])
    found = region.until("the figures are heard", lambda: outcome(studio, "UNITS_FEW"))
    # By hand: Disdukcapil fell from 41 to 38, the one control rose by 1; Disdik gave people and is no control.
    wanted = {f"u:palu:{unit}-{city.mark}": unit == "dukcapil" for unit in ("dukcapil", "dinkes")}
    assert {unit["unit"]: unit["moved"] for unit in found["units"]} == wanted
    assert (found["change"], found["others"], found["baseline"]) == (-3, 1, 41)


def officials(region: Region, city: City) -> None:
    """Those who lead Setda lead Disdik as well, so that its people have superiors."""
    for office in OF_UNIT:
        official = region.get(CHAIN[office], "registry", "/v1/me")["id"]
        told = {"office": office, "agency": "palu", "unit": f"disdik-{city.mark}", "since": "2024-01-02"}
        region.post(region.system.admin, "registry", f"/v1/people/{official}/offices", told)


def tell(region: Region, city: City, windows: Any) -> None:
    """The registry hears the complaints of every month."""
    for unit, counts in COMPLAINTS.items():
        for window, complaints in zip(("picking", "before", "after"), counts, strict=True):
            for month in windows[window]:
                told = {"agency": "palu", "unit": f"{unit}-{city.mark}", "service": "kependudukan", "month": month}
                region.post(REGISTRAR, "registry", "/v1/signals/services", {**told, "complaints": complaints})


def outcome(studio: Studio, waits: str) -> Any:
    """What came of the plan, once it says this of itself."""
    found = studio.get("/outcome?lang=en", PLANNER)
    return found if found["waits"] == waits else None
