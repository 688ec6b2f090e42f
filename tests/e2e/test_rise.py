"""From what citizens complain about to a vacancy: each step by HTTP, what is said of it read from the broker."""

import asyncio
from typing import Any

import pytest

from shared.kernel.calendar import add_months
from tests.integration.test_workload import OPERATOR, REGISTRAR, unit_with
from tests.support.broker import marks, said_since
from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


def test_a_complaint_rise_becomes_a_vacancy(region: Region) -> None:
    """Story: complaints about identity cards more than double; the data ask for people, and the vacancy says why."""
    before = asyncio.run(marks(region, "mutasi.registry"))
    unit = unit_with(region, {"operator": [OPERATOR]})
    today, post = region.now().date(), f"{unit}-operator"
    months = [f"{add_months(today, -back):%Y-%m}" for back in reversed(range(26))]
    rows = [f"palu,{unit},ktp,{month},{40 + place % 3},{post}" for place, month in enumerate(months[:-1])]
    body = "\n".join(("agency,unit,service,month,complaints,post", *rows)).encode()
    url, headers = f"{region.system.url('registry')}/v1/imports/services", region.system.headers(REGISTRAR)
    report = region.http.post(url, files={"file": ("keluhan.csv", body)}, headers=headers)
    assert report.json()["taken"] == 25, report.text
    risen = {"agency": "palu", "unit": unit, "service": "ktp", "month": months[-1], "complaints": 96, "post": post}
    region.post(REGISTRAR, "registry", "/v1/signals/services", risen)
    (series,) = region.get(REGISTRAR, "registry", f"/v1/units/u:palu:{unit}/signals")["items"]
    assert series["raised"] == {"complaints": months[-1]}
    assert [month["complaints"] for month in series["months"]][-2:] == [40, 96]

    closes = str(add_months(today, 2))
    made = region.post(REGISTRAR, "registry", f"/v1/posts/p:palu:{post}/vacancy", {"closes_on": closes})
    assert (made["quota"], made["placement"]["post"]) == (9, f"p:palu:{post}")

    def told() -> list[dict[str, Any]]:
        """What names the unit, once the vacancy is among it."""
        events = [one for one in asyncio.run(said_since(region, before)) if unit in str(one)]
        return events if any(one["type"] == "mutasi.vacancy.published.v1" for one in events) else []

    events = region.until("the vacancy on the broker", told)
    needs = [one for one in events if one["type"] == "mutasi.need.assessed.v1"]
    assert [one["basis"] for one in needs] == ["workload", "complaints"]
    signal = needs[-1]["signal"]
    assert (signal["service"], signal["observed"], signal["months"]) == ("ktp", 96, [months[-1]])
    assert 4000 <= signal["expected"] <= 4200  # hundredths of the 41 complaints that were usual
    assert needs[-1]["gap"] == -11
    (published,) = [one for one in events if one["type"] == "mutasi.vacancy.published.v1"]
    assert published["vacancy"] == made["id"]
    assert f"complaints {months[-1]}" in published["purpose"]

    path = f"/v1/vacancies/{made['id']}"
    amended = region.post(REGISTRAR, "registry", f"{path}/amend", {"quota": 2, "reason": "anggaran"})
    assert (amended["quota"], amended["closes_on"]) == (2, closes)
    assert region.post(REGISTRAR, "registry", f"{path}/close", {"reason": "cukup"})["open"] is False
