"""K6: from a region to a representation abroad, over HTTP of running services, where an installation serves it.

As delivered it is not served: all of R11 is certainty C (docs/between.md). Here the evaluation reads its rules from a
copy in which R01 serves it, as an installation would change it once it has checked the texts.
"""

import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.e2e.sigi import decide
from tests.support.region import Region
from tests.support.running import running_region
from tests.support.system import ROOT

pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(900)]
SERVED = "inter_central]"
STAFF = {"verifier": "personnel_verifier", "head": "ppk", "liaison": "external_liaison"}
PALU = {
    "unit_head": "palu-setda-unit-head",
    "personnel_verifier": "palu-personnel-verifier",
    "origin_ppk": "palu-ppk",
}


@pytest.fixture(scope="module")
def region(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Region]:
    """The demo region, and a representation abroad, on services that serve K6."""
    folder = tmp_path_factory.mktemp("abroad")
    code = folder / "code"
    shutil.copytree(ROOT / "services", code / "services", ignore=shutil.ignore_patterns("__pycache__"))
    rule = code / "services" / "evaluation" / "rules" / "R01.yaml"
    delivered = rule.read_text("utf-8")
    assert delivered.count(SERVED) == 1
    rule.write_text(delivered.replace(SERVED, "inter_central, abroad]"), "utf-8")
    with running_region(folder / "servers", code=code) as running:
        yield running


def _mission(region: Region) -> dict[str, str]:
    """The representation in Vienna with its post and its three officials: stage of K6 -> who decides there."""
    admin = region.system.admin
    agency = {"agency": "kbri-wina", "name": "KBRI Wina", "kind": "mission", "province": "Austria", "zone": "WIB"}
    unit = {"agency": "kbri-wina", "unit": "kanselerai", "name": "Kanselerai", "kind": "office"}
    post = {"agency": "kbri-wina", "unit": "kanselerai", "post": "staf", "title": "Staf Kanselerai", "kind": "staff"}
    for path, body in (("agencies", agency), ("units", unit), ("posts", {**post, "seats": 9})):
        region.post(admin, "registry", f"/v1/{path}", body)
    staff: dict[str, str] = {}
    for who, office in STAFF.items():
        staff[who] = region.colleague(by=admin, **{name: post[name] for name in ("agency", "unit", "post")})
        person = region.get(staff[who], "registry", "/v1/me")["person"]
        held = {"office": office, "agency": "kbri-wina", "since": "2026-01-02"}
        region.post(admin, "registry", f"/v1/people/{person}/offices", held)
    before = {"receiving_verifier": staff["verifier"], "receiving_ppk": staff["head"]}
    return {**before, **PALU, "foreign_affairs": staff["liaison"], "appointment": staff["head"]}


def test_k6_from_a_region_to_a_representation_abroad(region: Region) -> None:
    """Vienna proposes, Palu lets go, the Ministry of Foreign Affairs consents, Vienna appoints, and they move."""
    chain, login = _mission(region), region.colleague()
    offered = {"agency": "kbri-wina", "post": "p:kbri-wina:staf", "quota": 1, "admits": ["abroad"]}
    offered |= {"closes_on": str(region.now().date() + timedelta(days=60)), "purpose": "Staf kanselerai: 3 dari 4"}
    vacancy = region.post(chain["receiving_verifier"], "registry", "/v1/vacancies", offered)["id"]
    case = region.apply(login, vacancy)
    for stage in chain:
        answer = decide(region, login, case, stage, chain)
        assert answer.is_success, f"{stage}: {answer.text}"
    paper = region.decree(login, case)
    letters = [(one["kind"], one["issuer"]) for one in paper["letters"]]
    assert letters == [("proposal", "ppk:kbri-wina"), ("consent", "ppk:palu"), ("transfer", "foreign_affairs")]
    assert (paper["agency"], paper["signatory"]) == ("kbri-wina", "ppk")
    region.advance(paper["effective_on"])
    region.status(login, case, "completed")
    assert region.get(login, "registry", "/v1/me")["profile"]["placement"]["agency"] == "kbri-wina"
