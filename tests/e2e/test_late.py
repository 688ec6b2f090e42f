"""What panels and humans leave undecided: the authority is told when the term passes, by a running system's clock."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from tests.e2e.test_ranking import rank, ranked_vacancy
from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(900)]


def test_the_authority_hears_of_a_late_panel_and_a_late_answer(region: Region) -> None:
    vacancy, login = ranked_vacancy(region), region.colleague()
    case = region.apply(login, vacancy)
    rank(region, login, case, status="gathering")
    region.post("palu-registrar", "registry", f"/v1/vacancies/{vacancy}/close", {"reason": "Cukup pelamar"})
    due = rank(region, login, case, status="published")["due"]
    nurse = region.colleague(education_field="nursing", education_level="30")
    contested = region.apply(nurse, region.vacancy())
    region.status(nurse, contested, "refused")
    region.post(nurse, "proposal", f"/v1/proposals/{contested}/contest", {"reason": "Ijazah saya disetarakan"})
    until = region.status(nurse, contested, "contested")["until"]

    region.advance(str((datetime.fromisoformat(max(due, until)) + timedelta(days=1)).date()))

    def later() -> Any:
        mine = region.get(login, "evaluation", f"/v1/evaluations/{case}/rank")
        return mine if (mine["office"], mine["due"] > due) == ("ppk", True) else None

    region.until("the authority has the ranking", later)
    case_now = region.get(nurse, "proposal", f"/v1/proposals/{contested}")
    assert (case_now["status"], case_now["until"] > until) == ("contested", True)
    address = region.address("palu-ppk")
    for about in (vacancy, contested):
        region.until(f"the mail about {about}", partial(region.mails, address, about))
    answer = {"decision": "uphold", "reason": "Belum ada penyetaraan"}
    region.post("palu-ppk", "proposal", f"/v1/proposals/{contested}/contest/decide", answer)
    assert region.status(nurse, contested, "refused")["stage"] == "human"
