"""KP1-KP10 side by side on running processes: what other services tell arrives, and who may see it."""

from typing import Any

import pytest

from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
FIGURES = "/v1/agencies/palu/indicators?lang=en"
OFFICER, REGISTRAR = "palu-personnel-verifier", "palu-registrar"


def told(region: Region) -> dict[str, dict[str, Any]]:
    """Indicator -> its figures by name, and why it waits."""
    items = region.get(OFFICER, "evaluation", FIGURES)["items"]
    return {one["indicator"]: {**one, "parts": {part["part"]: part for part in one["figures"]}} for one in items}


def test_a_need_a_target_and_a_refusal_show_in_the_indicators(region: Region) -> None:
    assert list(told(region)) == [f"KP{n}" for n in range(1, 11)] + [
        *("strain", "morale", "climate", "valued", "targets", "cost"),
    ]
    today = region.now().date()
    work = {"agency": "palu", "post": "setda-analis-kebijakan-muda", "year": today.year}
    tasks = [{"name": "Telaah", "volume": 9_000, "minutes": "500.00"}]
    region.post(REGISTRAR, "registry", "/v1/workloads", work | {"tasks": tasks})
    region.until("the need", lambda: told(region)["KP1"]["parts"].get("after", {}).get("value"))

    login = region.colleague(performance={str(today.year - 1): "poor", str(today.year - 2): "poor"})
    case = region.apply(login, region.vacancy())
    region.status(login, case, "refused")
    before = region.until("the refusal", lambda: _counted(region, "reasoned"))
    assert (before["value"], told(region)["KP7"]["parts"]["opened"]["n"] >= 1) == (1.0, True)
    opened = told(region)["KP7"]["parts"]["opened"]
    region.get(login, "evaluation", f"/v1/evaluations/{case}")
    region.get(login, "evaluation", f"/v1/evaluations/{case}")
    read = told(region)["KP7"]["parts"]["opened"]
    assert round(read["value"] * read["n"]) == round((opened["value"] or 0) * opened["n"]) + 1

    target = {"agency": "palu", "unit": "setda", "reference": "t-1", "name": "Telaah", "measure": "dokumen"}
    goal = {**target, "due_on": str(today), "better": "higher", "goal": 9000}
    path = "/v1/agencies/palu/targets"
    region.post(OFFICER, "evaluation", path, goal)
    region.post(OFFICER, "evaluation", path, goal | {"achieved": 9100})
    (kept,) = region.get(OFFICER, "evaluation", path)["items"]
    assert (kept["unit"], kept["reached"]) == ("u:palu:setda", True)
    assert told(region)["targets"]["waits"] in ("TOO_FEW", "NOT_RECORDED")
    assert region.ask(login, "POST", "evaluation", path, goal).status_code == 403
    assert region.ask(OFFICER, "POST", "evaluation", path, goal | {"agency": "sigi"}).status_code in (403, 422)


def _counted(region: Region, name: str) -> dict[str, Any] | None:
    found: dict[str, Any] = told(region)["KP7"]["parts"][name]
    return found if found["n"] else None


def test_who_may_see_them(region: Region) -> None:
    login = region.colleague()
    for path in (FIGURES, "/v1/agencies/palu/moves", "/v1/agencies/palu/lessons", "/v1/regions/results"):
        assert region.ask(login, "GET", "evaluation", path).status_code == 403
    found = region.get(OFFICER, "evaluation", "/v1/regions/results?by=province")
    assert found["by"] == "province"
    today = str(region.now().date())
    note = {"region": "parigi", "since": today, "until": today, "practice": "Pendampingan dua minggu"}
    answer = region.ask(OFFICER, "POST", "evaluation", "/v1/agencies/palu/lessons", note)
    assert (answer.status_code, answer.json()["code"]) == (422, "NOT_BETTER")
    turned = region.ask(OFFICER, "GET", "evaluation", f"{FIGURES}&since=2027-01-01&until=2026-01-01")
    assert (turned.status_code, turned.json()["code"]) == (422, "BAD_PERIOD")


def test_the_speed_of_a_step_is_read_from_its_own_journal(region: Region) -> None:
    path = "/v1/agencies/palu/speed"

    def known() -> dict[str, Any]:
        items = region.get(OFFICER, "approval", path)["items"]
        return next((one for one in items if one["stage"] == "direct_superior"), {"tasks": 0, "kept": 0})

    before = known()
    login = region.colleague()
    case = region.apply(login, region.vacancy())
    region.decide(login, case, "direct_superior")
    after = region.until("the decision", lambda: found if (found := known())["tasks"] > before["tasks"] else None)
    assert after["kept"] == before["kept"] + 1
    assert region.ask(login, "GET", "approval", path).status_code == 403
    turned = region.ask(OFFICER, "GET", "approval", f"{path}?since=2027-01-01&until=2026-01-01")
    assert turned.json()["code"] == "PERIOD_TURNED"
