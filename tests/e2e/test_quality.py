"""Data quality on running processes: the agency's figure, whose records, and one's own."""

from datetime import timedelta

import pytest

from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
FIGURE = "/v1/agencies/palu/quality"


def found(region: Region) -> dict[str, int]:
    """People by indicator."""
    said = region.get("palu-registrar", "registry", FIGURE)
    assert 0 <= said["sound"] <= said["people"]
    return {one["id"]: one["people"] for one in said["indicators"]}


def test_a_bad_record_is_counted_named_and_seen_by_its_person(region: Region) -> None:
    before = found(region)
    year = region.now().date().year
    login = region.colleague(performance={str(year - 1): "good"}, rank_since="2013-01-01")
    after = found(region)
    assert {name for name, people in after.items() if people > before[name]} == {
        "performance_missing",
        "rank_before_entry",
    }
    mine = region.get(login, "registry", "/v1/me/quality")["defects"]
    assert [one["id"] for one in mine] == ["performance_missing", "rank_before_entry"]
    assert all(one["mend"]["id"] and one["mend"]["en"] for one in mine)
    me = region.get(login, "registry", "/v1/me")["id"]
    people, cursor = list[str](), ""
    while True:
        page = region.get("palu-registrar", "registry", f"{FIGURE}/people?limit=50&after={cursor}")
        people += [one["person"] for one in page["items"]]
        if not (cursor := page["next"]):
            break
    assert me in people
    assert len(people) == len(set(people))
    for path in (FIGURE, f"{FIGURE}/people"):
        assert region.ask(login, "GET", "registry", path).status_code == 403


def test_tasks_open_stay_one_from_day_to_day_and_close_when_mended(region: Region) -> None:
    """By the import's own look and the daily one of the domain clock; nothing is asked by hand."""

    def tasks() -> dict[str, dict[str, object]]:
        return {one["indicator"]: one for one in region.get("palu-ppk", "registry", f"{FIGURE}/figure")["tasks"]}

    login = region.colleague(by="palu-registrar", rank_since="2013-01-01")
    region.post("palu-registrar", "registry", f"{FIGURE}/look")
    before = region.until("the task is open", lambda: tasks().get("rank_before_entry"))
    tomorrow = region.now().date() + timedelta(days=1)
    region.advance(str(tomorrow))

    def looked() -> bool:
        return str(region.get("palu-ppk", "registry", f"{FIGURE}/figure")["on"]) >= str(tomorrow)

    region.until("the daily look", looked)
    assert tasks()["rank_before_entry"] == before
    assert region.ask(login, "GET", "registry", f"{FIGURE}/figure").status_code == 403
