"""What a record says of discipline: not shown beside the rest, only to an office that says why; the person sees who."""

import pytest

from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]


def test_discipline_is_shown_to_the_person_and_to_who_says_why(region: Region) -> None:
    login = region.colleague(under_process=True)
    me = region.get(login, "registry", "/v1/me")
    assert me["profile"]["under_process"] is True
    path, why = f"/v1/people/{me['id']}", {"reason": "Pemeriksaan syarat R13f"}
    for office in ("palu-setda-unit-head", "palu-registrar"):
        assert "under_process" not in region.get(office, "registry", path)["profile"]
    mine = region.get("palu-registrar", "registry", "/v1/people?agency=palu&unit=u:palu:setda")["items"]
    assert mine
    assert not [one for one in mine if "under_process" in one["profile"]]

    assert region.ask("palu-setda-unit-head", "POST", "registry", f"{path}/restricted", why).status_code == 403
    assert region.ask("palu-registrar", "POST", "registry", f"{path}/restricted", {}).status_code == 422
    assert region.get(login, "registry", f"{path}/looks")["total"] == 0
    assert region.post("palu-registrar", "registry", f"{path}/restricted", why)["under_process"] is True
    (look,) = region.get(login, "registry", f"{path}/looks")["newest"]
    registrar = region.get("palu-registrar", "registry", "/v1/me")["id"]
    assert (look["by"], look["reason"], look["fields"]) == (registrar, why["reason"], ["under_process"])
    assert region.ask("palu-registrar", "GET", "registry", f"{path}/looks").status_code == 403
