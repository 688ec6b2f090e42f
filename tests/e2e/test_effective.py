"""What comes between a decree and its day, over HTTP of running services: each has its code, and nobody moves."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(900)]
TITLE = "Penata Layanan Operasional"
Between = Callable[[Region, str, str], object]


def post(region: Region, code: str, unit: str = "disdukcapil", **changes: object) -> str:
    """A post for one of the cases, known to the registry; said again it is corrected."""
    about = {"agency": "palu", "unit": unit, "post": code, "title": TITLE, "kind": "staff", "seats": 3}
    region.post(region.system.admin, "registry", "/v1/posts", {**about, "retirement_age": 58, **changes})
    return f"p:palu:{code}"


def unit(region: Region, **changes: object) -> None:
    """The unit that is abolished in E08."""
    about = {"agency": "palu", "unit": "uji-e08", "name": "Dinas yang Dihapus", "kind": "office"}
    region.post(region.system.admin, "registry", "/v1/units", about | changes)


def born(region: Region, age: int) -> dict[str, str]:
    """Who becomes that old in the month before the one in which a decree of today takes effect."""
    effective = (region.now().date() + timedelta(days=14 + 30)).replace(day=1)
    birthday = (effective - timedelta(days=1)).replace(day=15)
    day = birthday.replace(year=birthday.year - age)
    return {"birth_date": str(day), "nip": f"{day:%Y%m%d}1994012{900 + age}"}


def update(region: Region, person: str, **changes: object) -> None:
    region.ask("palu-registrar", "PATCH", "registry", f"/v1/people/{person}", changes).raise_for_status()


def decreed(region: Region, target: str, **changes: object) -> tuple[str, str, Any]:
    """Somebody with a decree for that post: login, case, decree."""
    login = region.colleague(**changes)
    case = region.apply(login, region.vacancy(post=target))
    region.approve(login, case)
    return login, case, region.decree(login, case)


def e04(region: Region) -> tuple[str, str, Any]:
    """Retirement between decree and effect: the birthday lies between them."""
    return decreed(region, post(region, "uji-e04"), **born(region, 58))


def e05(region: Region) -> tuple[str, str, Any]:
    """The post moved to turns out to have a lower age: there the person is past it."""
    found = decreed(region, post(region, "uji-e05"), **born(region, 57))
    post(region, "uji-e05", retirement_age=56)
    return found


def e08(region: Region) -> tuple[str, str, Any]:
    """The unit is abolished: it ends before the day."""
    unit(region)
    found = decreed(region, post(region, "uji-e08", "uji-e08"))
    unit(region, valid_until=found[2]["effective_on"])
    return found


def e17(region: Region) -> tuple[str, str, Any]:
    """The contract of a PPPK ends before the day: nobody renewed it, it was shortened."""
    held = post(region, "uji-e17-asal", "setda").rpartition(":")[2]
    far = str(region.now().date() + timedelta(days=900))
    contract = {"employment": "PPPK", "rank": "IX", "contract_until": far, "post": held}
    found = decreed(region, post(region, "uji-e17"), **contract)
    last = date.fromisoformat(found[2]["effective_on"]) - timedelta(days=1)
    update(region, found[2]["person"], contract_until=str(last))
    return found


CASES = {e04: "USIA_BUP", e05: "USIA_BUP", e08: "JABATAN_DIHAPUS", e17: "KONTRAK_BERAKHIR"}


def test_what_comes_between_a_decree_and_its_day(region: Region) -> None:
    """E04, E05, E08, E17: all four wait for one day, on which the registry checks once more and says why not."""
    waiting = [(*begin(region), code) for begin, code in CASES.items()]
    before = {login: region.get(login, "registry", "/v1/me")["profile"]["placement"] for login, *_ in waiting}
    region.advance(max(decree["effective_on"] for _, _, decree, _ in waiting))
    for login, case, decree, code in waiting:
        found = region.status(login, case, "returned")
        assert (found["codes"], found["reason"]) == (["MOVE_REFUSED"], code), case
        path = f"/v1/decrees/{decree['decree']}"
        gone = region.until("revoked", partial(_revoked, region, login, path))
        assert (gone["revoked"], gone["pay"]) == (code, None)
        assert region.get(login, "registry", "/v1/me")["profile"]["placement"] == before[login]


def _revoked(region: Region, login: str, path: str) -> Any:
    found = region.get(login, "approval", path)
    return found if found["status"] == "revoked" else None


def test_e20_an_effective_date_that_is_chosen_lies_within_the_agencys_bounds(region: Region) -> None:
    login, case, decree = decreed(region, post(region, "uji-e20"))
    path, issued = f"/v1/decrees/{decree['decree']}", date.fromisoformat(decree["issued_on"])
    for days, code in ((-1, "TMT_RETROACTIVE"), (367, "TMT_TOO_FAR")):
        body = {"effective_on": str(issued + timedelta(days=days)), "reason": "Tanggal di luar batas yang ditetapkan"}
        answer = region.ask("palu-ppk", "POST", "approval", f"{path}/amend", body)
        assert (answer.status_code, answer.json()["code"]) == (422, code)
    today = {"effective_on": decree["issued_on"], "reason": "Pengisian jabatan mendesak pada hari ini"}
    region.post("palu-ppk", "approval", f"{path}/amend", today)
    region.status(login, case, "completed")
    me = region.get(login, "registry", "/v1/me")["profile"]
    assert (me["placement"]["post"], me["post_since"]) == (decree["target"]["post"], decree["issued_on"])
