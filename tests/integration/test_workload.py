"""Workload analysis through the HTTP door of the running system: recorded, read, and asked what would be."""

import json
import uuid
from typing import Any

import pytest

from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
REGISTRAR = "palu-registrar"
OPERATOR = {"name": "Perekaman", "volume": 160, "period": "day", "minutes": "20"}  # eleven people's work


def unit_with(region: Region, seats: dict[str, list[dict[str, Any]]]) -> str:
    """A unit of its own with these posts and their tasks; its code."""
    unit = f"w-{uuid.uuid4().hex[:10]}"
    about = {"agency": "palu", "unit": unit}
    region.post(REGISTRAR, "registry", "/v1/units", {**about, "name": "Unit Uji", "kind": "office"})
    year = region.now().year
    for post, tasks in seats.items():
        made = {**about, "post": f"{unit}-{post}", "title": post, "kind": "staff", "seats": 9}
        region.post(REGISTRAR, "registry", "/v1/posts", made)
        analysis = {"agency": "palu", "post": f"{unit}-{post}", "year": year, "tasks": tasks}
        region.post(REGISTRAR, "registry", "/v1/workloads", analysis)
    return unit


def test_an_analysis_is_recorded_read_and_asked_what_would_be(region: Region) -> None:
    daily = {"name": "Melayani perekaman", "volume": 70, "period": "day", "minutes": "20"}
    unit = unit_with(region, {"operator": [daily], "idle": []})
    year, post = region.now().year, f"p:palu:{unit}-operator"
    for _ in range(2):
        region.colleague(unit=unit, post=f"{unit}-operator")

    def staffed() -> Any:
        found = region.get(REGISTRAR, "registry", f"/v1/units/u:palu:{unit}/workload/{year}")
        return found if found["staff"] == 2 else None

    found = region.until("two people are there", staffed)
    figures = ("load", "raw", "need", "gap", "ratio", "class", "missing")
    assert [found[name] for name in figures] == [35_000_000, 467, 5, -3, 233, "A", 0]
    assert [(one["title"], one["need"], one["class"]) for one in found["posts"]] == [
        ("idle", 0, ""),
        ("operator", 5, "A"),
    ]
    (series,) = region.get(REGISTRAR, "registry", f"/v1/posts/{post}/workload")["years"]
    assert (series["year"], series["need"], series["tasks"][0]["minutes"]) == (year, 5, "20")

    wish = {"year": year, "changes": [{"post": post, "staff": 5}]}
    answer = region.post(REGISTRAR, "registry", "/v1/agencies/palu/workload/what-if", wish)
    now, then = (
        next(one for one in answer[name]["units"] if one["unit"] == f"u:palu:{unit}") for name in ("now", "then")
    )
    assert (now["gap"], then["gap"], then["class"]) == (-3, 0, "B")
    assert answer["now"]["kp1"]["gaps"] - answer["then"]["kp1"]["gaps"] == 3
    assert staffed()["gap"] == -3


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"tasks": [{"name": "x", "volume": -1, "minutes": "1"}]}, 422, "VALIDATION"),
        ({"year": 2099}, 422, "YEAR_TOO_FAR"),
        ({"agency": "binjai"}, 403, "FORBIDDEN"),
    ],
)
def test_bad_analyses_are_refused_with_a_remedy(region: Region, change: dict[str, Any], status: int, code: str) -> None:
    whole = {"agency": "palu", "post": "disdukcapil-x", "year": region.now().year, "tasks": []}
    answer = region.ask(REGISTRAR, "POST", "registry", "/v1/workloads", whole | change)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.json()["detail"]
    assert not region.ask(REGISTRAR, "GET", "registry", "/v1/posts/p:palu:nowhere/workload").is_success


@pytest.mark.wide
def test_the_five_regions_side_by_side(region: Region) -> None:
    """What the demo's files brought in, as `mutasi agency overview` shows it to somebody of one of them."""
    done = region.mutasi(REGISTRAR, "agency", "overview", "--year", str(region.now().year))
    assert done.returncode == 0, done.stdout + done.stderr
    listed = {one["agency"]: one for one in json.loads(done.stdout)["items"]}
    found = {name: listed[name] for name in ("palu", "batanghari", "bandung", "surakarta", "binjai")}
    assert sum(one["people"] for one in found.values()) >= 1000
    for one in found.values():
        assert one["posts"] > one["analysed"] >= 40
        assert one["need"] > one["short"] > one["over"]
    assert found["palu"]["over"] > 0
    assert [name for name, one in found.items() if one["sound"] is not None] == ["palu"]


def test_a_disaster_is_told_with_the_decree_that_declares_it(region: Region) -> None:
    unit = unit_with(region, {"operator": [OPERATOR]})
    today = region.now().date()
    flood = {"agency": "palu", "reference": unit, "name": "Banjir", "status": "emergency", "decree": "360/412"}
    made = region.post(REGISTRAR, "registry", "/v1/signals/disasters", {**flood, "since": str(today), "units": [unit]})
    assert (made["units"], made["decree"]) == ([f"u:palu:{unit}"], "360/412")
    body = {**flood, "since": str(today), "units": [unit]}
    del body["decree"]
    assert region.ask(REGISTRAR, "POST", "registry", "/v1/signals/disasters", body).json()["code"] == "VALIDATION"
    wish = {"agency": "palu", "unit": unit, "service": "ktp", "month": f"{today:%Y-%m}", "complaints": 1}
    assert region.ask("asn-x", "POST", "registry", "/v1/signals/services", wish).status_code == 403
