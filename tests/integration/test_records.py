"""A record in a running registry: leave that is over, competences that there are not, requests that nobody answers."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from services.registry.domain.ids import person_id
from tests.support.clock import tell_time
from tests.support.files import DATA, imported
from tests.support.region import Region

pytest_plugins = ("tests.support.registry",)
pytestmark = [pytest.mark.integration, pytest.mark.wide, pytest.mark.timeout(840)]
LOGIN, RINA = "rina", person_id("palu", "199003142014032912")


def known(registry: Region) -> dict[str, Any]:
    """Who is on leave until last June by the file, as they see themselves."""
    assert imported(registry, "people", (DATA / "people-leave.csv").read_bytes())["taken"] == 1
    registry.post(registry.system.admin, "registry", f"/v1/people/{RINA}/account", {"login": LOGIN})

    def seen() -> Any:
        found = registry.get(LOGIN, "registry", "/v1/me")
        return found if found.get("id") else None

    return dict(registry.until("who logs in is known", seen))


def test_leave_that_is_over_is_a_task_until_its_end_is_recorded(registry: Region) -> None:
    admin, me = registry.system.admin, known(registry)
    mine = registry.get(LOGIN, "registry", "/v1/me/quality")["defects"]
    assert "leave_ended" in [one["id"] for one in mine]
    registry.post(admin, "registry", "/v1/agencies/palu/quality/look")

    def tasks() -> set[str]:
        figure = registry.get(admin, "registry", "/v1/agencies/palu/quality/figure")
        return {one["indicator"] for one in figure["tasks"]}

    registry.until("the task is open", lambda: "leave_ended" in tasks())
    path = f"/v1/people/{me['id']}"
    wrong = registry.ask(admin, "PATCH", "registry", path, {"status": "active", "leave_until": "2027-01-31"})
    assert (wrong.status_code, wrong.json()["code"]) == (httpx.codes.UNPROCESSABLE_ENTITY, "NOT_ON_LEAVE")
    registry.ask(admin, "PATCH", "registry", path, {"status": "active"}).raise_for_status()
    registry.post(admin, "registry", "/v1/agencies/palu/quality/look")
    registry.until("the task is closed", lambda: "leave_ended" not in tasks())


def test_a_competence_that_there_is_not_comes_into_no_record(registry: Region) -> None:
    admin, path = registry.system.admin, f"/v1/people/{known(registry)['id']}"
    for name, code in (("integrty", "UNKNOWN_COMPETENCE"), ("a.b", "BAD_COMPETENCE")):
        refused = registry.ask(admin, "PATCH", "registry", path, {"competences": {name: 3}})
        assert refused.status_code == httpx.codes.UNPROCESSABLE_ENTITY
        assert code in refused.text
    registry.ask(admin, "PATCH", "registry", path, {"competences": {"integrity": 4}}).raise_for_status()
    body = {"field": "competence", "about": "integrty", "value": "4", "reason": "Hasil asesmen"}
    asked = registry.ask(LOGIN, "POST", "registry", "/v1/me/corrections", body)
    assert asked.json()["code"] == "UNKNOWN_COMPETENCE"


def test_a_request_that_nobody_answers_is_escalated_when_its_term_passes(registry: Region) -> None:
    known(registry)
    body = {"field": "training", "value": "Diklat GIS", "reason": "Sertifikat belum tercatat"}
    registry.post(LOGIN, "registry", "/v1/me/corrections", body)
    (waits,) = registry.get(LOGIN, "registry", "/v1/me/corrections")["items"]
    assert waits["late_until"] is None
    asyncio.run(tell_time(registry.system.stack.kafka, registry.shift + timedelta(days=25)))

    def late() -> bool:
        (now,) = registry.get(LOGIN, "registry", "/v1/me/corrections")["items"]
        return bool(now["status"] == "open" and (now["late_until"] or "") > waits["due"])

    registry.until("the authority was told", late)
