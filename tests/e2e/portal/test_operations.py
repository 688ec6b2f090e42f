"""What keeps the portal itself well: its audit, its operators' page, its limits, and read models built anew."""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect
from pymongo import MongoClient

from shared.contracts.approval import DecreeIssued
from tests.contract.test_golden import golden
from tests.e2e.visitor import CHROMIUM, WIDE, Person, command, reload_until, shoot
from tests.e2e.world import World, until
from tests.support.system import ROOT

pytest_plugins = ("tests.e2e.browser",)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser at {CHROMIUM}: apt-get install -y chromium"),
]


def test_the_audit_finds_an_event_that_was_changed_afterwards_and_a_decree_without_authority(world: World) -> None:
    admin = world.system.admin
    until(lambda: command(world, admin, "audit", "verify").returncode == 0, "nothing is under way, and all holds")
    client: MongoClient[dict[str, Any]] = MongoClient(world.system.stack.mongo)
    journal = client["mutasi_registry"]["journal"]
    entry = journal.find_one({"kind": "units"}) or {}
    journal.update_one({"_id": entry["_id"]}, {"$set": {"data": entry["data"].replace("Dinas", "Badan")}})
    paper = DecreeIssued.model_validate(golden(DecreeIssued)).model_copy(update={"authority": "", "decree": "planted"})
    forged = entry | {"_id": "planted", "aggregate": "planted", "type": paper.TYPE, "data": paper.model_dump_json()}
    client["mutasi_approval"]["journal"].insert_one(forged)
    found = command(world, admin, "audit", "verify")
    journal.replace_one({"_id": entry["_id"]}, entry)
    client["mutasi_approval"]["journal"].delete_one({"_id": "planted"})
    client.close()
    assert (found.returncode, json.loads(found.stderr)["code"]) == (6, "HISTORY_BROKEN")
    broken = {one["id"]: str(one["faults"]) for one in json.loads(found.stdout)["invariants"] if one["broken"]}
    assert entry["aggregate"] in broken["I7"]
    assert "planted" in broken["I3"]


@pytest.fixture
def databases(world: World) -> Iterator[MongoClient[dict[str, Any]]]:
    """The services' databases, for what no door lets one do."""
    with MongoClient[dict[str, Any]](world.system.stack.mongo) as client:
        yield client


@pytest.mark.wide
def test_an_operator_sees_what_runs_and_finds_a_history_that_was_changed(
    world: World, browser: Browser, databases: MongoClient[dict[str, Any]]
) -> None:
    context = browser.new_context(viewport=WIDE, java_script_enabled=False)
    operator = Person(world, context, world.system.admin)
    operator.go("/operasi")
    page = operator.page
    page.get_by_role("button", name=world.system.admin, exact=True).click()
    expect(page.get_by_role("row", name="registry")).to_contain_text("berjalan")
    record = {"_id": f"mutasi.none/0/{world.mark}", "kind": "", "aggregate": "", "reason": f"rusak {world.mark}"}
    databases["mutasi_approval"]["parked"].insert_one({**record, "status": "parked", "at": time.time()})
    page.reload()
    card = page.locator(".card", has_text=world.mark)
    assert shoot(world, browser, operator, {"operations": "/operasi"}) == []
    card.get_by_label("Alasan melepas").fill("Ditanam oleh uji")
    card.get_by_role("button", name="Lepas pesan").click()
    expect(page.get_by_role("status")).to_contain_text("Pesan dilepas")
    expect(page.locator(".card", has_text=world.mark)).to_have_count(0)

    journal = databases["mutasi_registry"]["journal"]
    entry = journal.find_one({"kind": "units"}) or {}
    page.get_by_label("Riwayat yang diperiksa").select_option("registry/units")
    page.get_by_role("button", name="Periksa").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    journal.update_one({"_id": entry["_id"]}, {"$set": {"data": entry["data"].replace("Dinas", "Badan")}})
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text(f"{entry['aggregate']}: event 1 was changed")
    assert shoot(world, browser, operator, {"histories": "/operasi/riwayat?jenis=registry/units"}) == []
    journal.replace_one({"_id": entry["_id"]}, entry)
    context.close()


def test_the_operators_page_is_for_operators(world: World, people: dict[str, Person]) -> None:
    reply = people["official"].page.goto(f"{world.system.url('portal')}/operasi")
    assert reply is not None
    assert reply.status == 403


def test_the_portal_answers_probes_and_operators_like_the_other_services(world: World) -> None:
    url, headers = world.system.url("portal"), world.system.headers(world.system.admin)
    assert httpx.get(f"{url}/health/live").json()["alive"] is True
    assert httpx.get(f"{url}/health/ready").json()["ready"] is True
    assert httpx.get(f"{url}/ops/parked", headers=headers).json() == {"parked": []}
    assert httpx.get(f"{url}/ops/parked").status_code == 401


@pytest.mark.wide
def test_what_the_pages_show_is_built_anew_while_they_are_read(
    world: World, people: dict[str, Person], databases: MongoClient[dict[str, Any]]
) -> None:
    """Somebody loses a case from the read models; it is back after the rebuild, no page failed, and life goes on."""
    mine, page = people["applicant"], people["applicant"].page
    vacancy = world.ranked()
    case, views = applied(world, vacancy), databases["mutasi_portal"]
    mine.go("/saya")
    reload_until(page, case)
    for kind in ("entry", "file"):
        views[f"fact_{kind}"].delete_many({"$or": [{"value.case": case}, {"_id": case}]})
    page.reload()
    assert case not in page.content()
    servers = {"MUTASI_KAFKA": world.system.stack.kafka_of("portal"), "MUTASI_MONGO": world.system.stack.mongo}
    line = [sys.executable, "-m", "services.portal.rebuild"]
    with subprocess.Popen(line, env={**os.environ, **servers}, cwd=ROOT, stdout=subprocess.PIPE, text=True) as work:
        assert command(world, world.applicant, "case", "withdraw", case, "--reason", "diulang").returncode == 0
        while work.poll() is None:
            answer = page.reload()
            assert answer is not None
            assert answer.status == 200
        told, _ = work.communicate()
    assert work.returncode == 0
    assert re.fullmatch(r"[\d,]+ events in [\d.]+ s: [1-9][\d,]*/s\n", told)
    mine.go(f"/perkara/{case}")
    reload_until(page, "ditarik")
    assert not [name for name in views.list_collection_names() if name.startswith("next_")]
    assert "by_case" in views["fact_entry"].index_information()
    again = applied(world, vacancy)
    mine.go("/saya")
    reload_until(page, again)


def applied(world: World, vacancy: str) -> str:
    """A case of the applicant."""
    wish = ["--purpose", "p", "--expected-result", "e", "--reason", world.mark, "--consent"]
    done = command(world, world.applicant, "apply", vacancy, *wish)
    assert done.returncode == 0, done.stderr
    return str(json.loads(done.stdout)["id"])


def test_who_tries_receipt_numbers_is_stopped_and_nobody_else(world: World, people: dict[str, Person]) -> None:
    url = f"{world.system.url('portal')}/lacak?lang=en&tanda=MT-0000-0000-0000"
    with httpx.Client(timeout=30) as guesser:
        answer = next(said for said in (guesser.get(url) for _ in range(200)) if said.status_code != 404)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 60
    assert "Too many requests" in answer.text
    people["applicant"].go("/saya")
    expect(people["applicant"].page.get_by_role("heading", level=1)).to_be_visible()
