"""Story 4 of the acceptance stories: a unit cannot spare her, each step through HTTP of running processes."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from tests.e2e.test_transfer import seat
from tests.support.region import CHAIN, Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(900)]
REFUSAL = {"decision": "refuse", "code": "MIN_STAF_ASAL", "reason": "Tersisa dua petugas, minimum tiga"}


def test_story_4_the_unit_of_origin_cannot_spare_her(region: Region) -> None:
    """Refused with reason and remedy, the seat is offered to others; when a replacement comes she may apply again."""
    login, other = region.colleague(), region.colleague()
    vacancy = region.vacancy()
    case = region.apply(login, vacancy)
    region.approve(login, case, tuple(CHAIN)[:5])
    second = region.apply(other, vacancy)
    assert region.status(other, second, "refused")["codes"] == ["FORMASI_PENUH"], "her seat is held"

    region.decide(login, case, "ppk", **REFUSAL)
    refused = region.status(login, case, "refused")
    assert (refused["stage"], refused["codes"], refused["reason"]) == ("approval", ["MIN_STAF_ASAL"], REFUSAL["reason"])
    told = partial(region.mails, region.address(login), case)
    region.until("she is told", lambda: "Keputusan atas usulan mutasi Anda" in told())
    offered = seat(region, other, second, "offered")
    third = region.colleague()
    again = region.apply(third, vacancy)
    assert seat(region, third, again, "waiting")["place"] == 1, "it is kept for who was told before that it is full"
    region.advance(str((datetime.fromisoformat(offered["until"]) + timedelta(days=1)).date()))
    seat(region, other, second, "passed")
    seat(region, third, again, "offered")
    region.post(third, "proposal", f"/v1/proposals/{again}/seat/accept", {})
    region.turn(third, again, "direct_superior")
    seat(region, third, again, "reserved")

    post = {"agency": "palu", "unit": "setda", "post": "uji-pengganti", "title": "Penata Layanan", "kind": "staff"}
    region.post(region.system.admin, "registry", "/v1/posts", post | {"seats": 9, "retirement_age": 58})
    replacement = region.colleague(unit="disdukcapil", post="uji-penelaah")
    coming = region.apply(replacement, region.vacancy(post="p:palu:uji-pengganti"))
    region.approve(replacement, coming, unit="disdukcapil")
    region.advance(region.decree(replacement, coming)["effective_on"])
    region.status(replacement, coming, "completed")
    region.until("she may apply again", lambda: "Anda dapat mengajukan mutasi lagi" in told())
    anew = region.apply(login, region.vacancy())
    region.turn(login, anew, "direct_superior")
