"""Plays one whole transfer through the public doors, as strangers would: nothing of our own code is used.

A program of the city publishes a vacancy on its own Kafka topic; a civil servant applies by HTTP; the chain's officials
claim and decide by HTTP; the demo's clock is advanced to the effective date; the e-mails are read where they arrived.
"""

import asyncio
import json
import os
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

AGENCY, POST = "palu", "p:palu:disdukcapil-analis-kebijakan-muda"
STORY = "rina"
LEVELS = ("integrity", "cooperation", "communication", "results_orientation", "public_service")
MORE_LEVELS = ("developing_self_and_others", "managing_change", "decision_making", "national_cohesion")
PATIENCE = 60.0
T = TypeVar("T")


class Stuck(Exception):
    """A step did not come true in time; says which."""


class Play:
    """The running system as its users see it."""

    def __init__(self, env: dict[str, str]) -> None:
        self.env, self.http, self.began = env, httpx.Client(timeout=30), time.monotonic()
        self.mark = uuid.uuid4().hex[:8]
        self.login = STORY

    def say(self, text: str) -> None:
        """One step, with the seconds since the beginning."""
        print(f"  {time.monotonic() - self.began:6.2f} s  {text}", flush=True)

    def call(self, login: str, method: str, service: str, path: str, body: object = None) -> dict[str, Any]:
        """An HTTP call with the token of that demo account; raises for a refusal, with its words."""
        issued = self.http.post(f"{self.env['MUTASI_ISSUER']}/demo/token", json={"login": login})
        headers = {
            "authorization": f"Bearer {issued.raise_for_status().json()['access_token']}",
            "idempotency-key": uuid.uuid4().hex,
            "accept-language": "en",
        }
        url = self.env[f"MUTASI_{service.upper()}_URL"] + path
        answer = self.http.request(method, url, json=body, headers=headers)
        if answer.is_error:
            raise Stuck(f"{method} {path} as {login}: {answer.status_code} {answer.text}")
        found: dict[str, Any] = answer.json()
        return found

    def until(self, what: str, look: Callable[[], T | None]) -> T:
        """Ask again until there is something; the longest wait is a minute."""
        deadline, last = time.monotonic() + PATIENCE, ""
        while time.monotonic() < deadline:
            try:
                found = look()
            except Stuck as refused:
                found, last = None, str(refused)
            if found:
                return found
            time.sleep(0.05)
        raise Stuck(f"not within {PATIENCE:.0f} s: {what}. {last}")


def broker(play: Play) -> dict[str, str]:
    """How the city's program reaches the broker: as itself, `sasl://user:password@host:port`, where ours runs."""
    address = play.env.get(f"MUTASI_KAFKA_{AGENCY.upper()}") or play.env["MUTASI_KAFKA"]
    if "://" not in address:
        return {"bootstrap_servers": address}
    found = urlsplit(address)
    return {
        "bootstrap_servers": found.netloc.rpartition("@")[2],
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": found.username or "",
        "sasl_plain_password": found.password or "",
    }


async def publish(play: Play) -> str:
    """The city's program offers a seat on its own topic. Returns the reference it chose."""
    reference = f"DEMO-{play.mark}"
    offer = {
        "agency": AGENCY,
        "post": POST,
        "quota": 1,
        "closes_on": str(date.today() + timedelta(days=365)),
        "purpose": "Antrean layanan kependudukan: beban kerja 6, pegawai 3",
        "reference": reference,
    }
    headers = [
        ("ce_specversion", b"1.0"),
        ("ce_id", play.mark.encode()),
        ("ce_source", b"https://simpeg.palu.example"),
        ("ce_type", b"mutasi.vacancy.offered.v1"),
        ("content-type", b"application/json"),
    ]
    producer = AIOKafkaProducer(**broker(play), enable_idempotence=True)
    await producer.start()
    try:
        await producer.send_and_wait(f"mutasi.agency.{AGENCY}", json.dumps(offer).encode(), headers=headers)
    finally:
        await producer.stop()
    return reference


async def refused(play: Play, since: float) -> str:
    """What the registry refused on the agency's own topic since then."""
    topic = f"mutasi.agency.{AGENCY}.refused"
    consumer = AIOKafkaConsumer(topic, **broker(play), auto_offset_reset="earliest")
    await consumer.start()
    try:
        found = await consumer.getmany(timeout_ms=1000)
    finally:
        await consumer.stop()
    said = [r.value.decode() for records in found.values() for r in records if r.timestamp >= since * 1000]
    return "; ".join(said)


def vacancy(play: Play) -> str:
    """Offer a seat and wait until it is open to all."""
    began = time.time()
    reference = asyncio.run(publish(play))
    play.say(f"the program of {AGENCY} offered a seat on mutasi.agency.{AGENCY} (reference {reference})")
    path = f"/v1/vacancies/v:{AGENCY}:{reference}"
    try:
        play.until("the vacancy", lambda: play.call(play.login, "GET", "registry", path))
    except Stuck as stuck:
        raise Stuck(f"{stuck}; refused: {asyncio.run(refused(play, began))}") from None
    play.say("the registry checked it and published the vacancy")
    return f"v:{AGENCY}:{reference}"


def applicant(play: Play) -> None:
    """Rina Lestari of the acceptance story; in later plays, when she has had her case, a new colleague of hers."""
    if not play.call(STORY, "GET", "proposal", "/v1/proposals")["items"]:
        return
    play.login = f"asn-{play.mark}"
    number = int(play.mark, 16)
    month, day, sequence = number % 12 + 1, number % 28 + 1, 900 + number % 100
    person = {
        "agency": AGENCY,
        "unit": "setda",
        "post": "setda-analis-kebijakan-muda",
        "name": f"Pegawai {play.mark}",
        "nip": f"1990{month:02}{day:02}2014{month:02}2{sequence}",
        "email": f"{play.login}@palu.example",
        "birth_date": f"1990-{month:02}-{day:02}",
        "employment": "PNS",
        "post_since": "2023-05-02",
        "rank": "III/c",
        "education_level": "40",
        "education_field": "public_administration",
        "performance": {"2024": "good", "2025": "good"},
        "competences": dict.fromkeys((*LEVELS, *MORE_LEVELS), 3),
        "experience": [{"field": "civil_registration", "years": 3}],
        "under_process": False,
        "study_assignment": False,
        "service_bond": False,
    }
    made = play.call("palu-registrar", "POST", "registry", "/v1/people", person)
    play.call("palu-registrar", "POST", "registry", f"/v1/people/{made['id']}/account", {"login": play.login})
    accounts = Path(play.env["MUTASI_ACCOUNTS"])
    known = [*json.loads(accounts.read_text()), {"login": play.login, "label": f"{person['name']}, Palu"}]
    accounts.write_text(json.dumps(known, ensure_ascii=False, indent=2))
    play.say(f"{play.login} joins: the registrar enters a colleague with the same profile")


def apply(play: Play, wanted: str) -> str:
    """The applicant drafts and submits, as soon as the proposal service has heard of the vacancy."""
    wish = {
        "vacancy": wanted,
        "purpose": "Pemerataan beban kerja layanan kependudukan",
        "expected_result": "Antrean permohonan turun 30 persen dalam enam bulan",
        "reason": "Pengalaman tiga tahun pada administrasi kependudukan",
        "consent": True,
    }
    drafted = play.until("the draft", lambda: play.call(play.login, "POST", "proposal", "/v1/proposals", wish))
    case = str(drafted["id"])
    play.call(play.login, "POST", "proposal", f"/v1/proposals/{case}/submit", {})
    play.say(f"{play.login} applied by HTTP: case {case}")
    return case


def evaluated(play: Play, case: str) -> None:
    """What the evaluation found, in words."""
    path = f"/v1/evaluations/{case}?lang=en"
    found = play.until("the evaluation", lambda: play.call(play.login, "GET", "evaluation", path))
    play.say(f"evaluated: {found.get('paragraph') or found.get('summary') or 'see the evaluation API'}")


def approve(play: Play, case: str) -> None:
    """Everybody in the chain claims and approves."""
    offices = {
        "direct_superior": "palu-setda-direct-superior",
        "unit_head": "palu-setda-unit-head",
        "personnel_verifier": "palu-personnel-verifier",
        "performance_team": "palu-performance-team",
        "bkn_liaison": "palu-bkn-liaison",
        "ppk": "palu-ppk",
    }
    for office, login in offices.items():

        def mine(login: str = login) -> dict[str, Any] | None:
            tasks = play.call(login, "GET", "approval", "/v1/tasks?limit=100")
            return next((task for task in tasks["items"] if task["case"] == case), None)

        task = play.until(f"a task for {office}", mine)["task"]
        play.call(login, "POST", "approval", f"/v1/tasks/{task}/claim")
        play.call(login, "POST", "approval", f"/v1/tasks/{task}/decide", {"decision": "approve"})
        play.say(f"{office} ({login}) claimed and approved")


def decree(play: Play, case: str) -> dict[str, Any]:
    """The decree of the case."""
    path = f"/v1/cases/{case}"

    found = play.until("the decree", lambda: play.call(play.login, "GET", "approval", path)["decree"])
    return play.call(play.login, "GET", "approval", f"/v1/decrees/{found}")


def signature(play: Play, paper: dict[str, Any]) -> None:
    """Where signing is set up: that it is signed, and where anybody can check it."""
    if "MUTASI_SIGNING_FOLDER" not in play.env:
        return
    decree = paper["decree"]

    def settled() -> str:
        found = play.call(play.login, "GET", "approval", f"/v1/decrees/{decree}")["signatures"].get(decree, {})
        return str(found["status"]) if found.get("status") in ("signed", "refused") else ""

    page = f"{play.env['MUTASI_PORTAL_URL']}/verifikasi/{paper['digest']}"
    play.say(f"electronic signature: {play.until('the signature', settled)}; anybody can check it at {page}")


def effect(play: Play, case: str, effective_on: str) -> None:
    """Advance the demo's clock past the effective date; every timer on the way fires in order."""
    play.say(f"demo only: advancing the domain clock past {effective_on}; every timer on the way fires in order")
    command = [sys.executable, "-m", "services.cli", "clock", "advance", "--until", effective_on]
    done = subprocess.run(command, env=os.environ | play.env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Stuck(f"clock advance: {done.stdout}{done.stderr}")

    def completed() -> bool:
        return bool(play.call(play.login, "GET", "proposal", f"/v1/proposals/{case}")["status"] == "completed")

    play.until("the move", completed)
    play.say("the registry moved the person on the effective date; the case is completed")


def mails(play: Play) -> None:
    """What arrived at the SMTP server."""
    base = play.env.get("MUTASI_MAIL_URL", "")
    if base:
        found = play.until("e-mails", lambda: play.http.get(f"{base}/api/messages").json())
        total = len(found["messages"] if isinstance(found, dict) else found)
        play.say(f"{total} e-mails are at {base}")


def main(_arguments: list[str]) -> int:
    """0 when the whole way was gone, 1 with the step that stuck."""
    play = Play(dict(os.environ))
    print("\n  One transfer, from the vacancy to its effect:", flush=True)
    try:
        applicant(play)
        case = apply(play, vacancy(play))
        evaluated(play, case)
        approve(play, case)
        paper = decree(play, case)
        play.say(f"decree {paper['number_text']} issued, in effect from {paper['effective_on']}")
        signature(play, paper)
        effect(play, case, str(paper["effective_on"]))
        mails(play)
    except Stuck as stuck:
        print(f"✗ {stuck}", file=sys.stderr)
        return 1
    return 0
