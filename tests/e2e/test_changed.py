"""What happens to a person while their case is open: retirement, death, suspension, discipline. Each comes as the
registry's event and ends the case, wherever it stands in the chain."""

from functools import partial
from typing import Any

import pytest

from tests.support.region import CHAIN, Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
CHANGES: dict[str, tuple[dict[str, object], set[str]]] = {
    "retired": ({"status": "retired"}, {"USIA_BUP", "KEDUDUKAN_HUKUM"}),
    "dead": ({"status": "dead"}, {"STATUS_BUKAN_PNS", "KEDUDUKAN_HUKUM"}),
    "suspended": ({"status": "suspended"}, {"KEDUDUKAN_HUKUM"}),
    "discipline": ({"under_process": True}, {"PROSES_DISIPLIN"}),
}
"""What is recorded, and the codes that may end the case: proposal and evaluation both see a retirement or a death."""
STAGES = {"retired": "direct_superior", "dead": "personnel_verifier", "suspended": "bkn_liaison", "discipline": "ppk"}
"""Whose desk the case lies on when it happens: at the first, in the middle, and at the last before the decree."""


def without_task(region: Region, case: str) -> bool:
    """True once nobody has anything to decide about the case."""
    found: dict[str, Any] = region.get("palu-ppk", "approval", f"/v1/cases/{case}")
    return found.get("task") is None


def test_each_change_ends_the_open_case_and_takes_the_task_from_the_desk(region: Region) -> None:
    vacancy = region.vacancy(quota=len(CHANGES))
    logins = {name: region.colleague() for name in CHANGES}
    cases = {name: region.apply(login, vacancy) for name, login in logins.items()}
    people = {name: region.get(login, "registry", "/v1/me")["id"] for name, login in logins.items()}
    for name, login in logins.items():
        before = tuple(CHAIN)[: tuple(CHAIN).index(STAGES[name])]
        region.approve(login, cases[name], before)
        region.turn(login, cases[name], STAGES[name])
    for name, (change, _codes) in CHANGES.items():
        answer = region.ask("palu-registrar", "PATCH", "registry", f"/v1/people/{people[name]}", change)
        assert answer.is_success, answer.text
    for name, (_change, codes) in CHANGES.items():
        ended = region.status(logins[name], cases[name], "refused")
        assert ended["stage"] == "recheck"
        assert set(ended["codes"]) <= codes, (name, ended)
        region.until(f"no task is left of {name}", partial(without_task, region, cases[name]))
