"""Story 4 of the acceptance stories: a unit cannot spare her, each step through HTTP of running processes."""

from functools import partial

import pytest

from tests.support.region import CHAIN, Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(900)]
REFUSAL = {"decision": "refuse", "code": "MIN_STAF_ASAL", "reason": "Tersisa dua petugas, minimum tiga"}


def test_story_4_the_unit_of_origin_cannot_spare_her(region: Region) -> None:
    """Refused with its reason and remedy, the seat goes to another; when a replacement comes she may apply again."""
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
    third = region.colleague()
    again = region.apply(third, vacancy)
    region.turn(third, again, "direct_superior")
    assert region.status(third, again, "submitted")["reserved"], "the seat was let go of"

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
