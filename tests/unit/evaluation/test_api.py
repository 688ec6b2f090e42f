"""The HTTP door behind the real guard: language, policy, what is not there."""

from collections.abc import AsyncIterator, Mapping
from datetime import date, datetime
from importlib.resources import files
from typing import Any

import httpx
import pytest
import yaml

from services.evaluation.api import router
from services.evaluation.domain.case import Evaluation
from services.evaluation.policy import POLICY
from shared.contracts.approval import ApprovalGranted
from shared.contracts.evaluation import EvaluationCompleted
from shared.host.http import make_http
from shared.host.settings import Settings
from shared.kernel.decider import Actor, Decider, Event, Office, Refused
from shared.runtime.progress import Progress
from shared.runtime.service import Routes, Service
from tests.unit.evaluation.cases import BOOKS, DECIDER, NOON, RINA, RULES, changed, decide, evaluated, facts

SERVICE = Service("evaluation", "mutasi.evaluation", (), (DECIDER,), Routes(), POLICY)
SETTINGS = {
    "kafka": "k:9092",
    "mongo": "mongodb://m",
    "port": 8103,
    "issuer": "http://i",
    "jwks_url": "http://i/jwks",
}
PPK = Office(office="ppk", agency="palu", since=date(2026, 1, 1))
_OF_PPK = {"id": "m-1", "absent": "p-901", "office": "ppk", "agency": "palu", "until": "2027-01-01"}
MANDATES = {
    "p-903": {**_OF_PPK, "since": "2026-11-01"},
    "p-904": {**_OF_PPK, "since": "2026-12-01"},
    "p-905": {**_OF_PPK, "since": "2026-11-01", "agency": "bandung"},
    "p-906": {**_OF_PPK, "since": "2026-11-01", "absent": "p-left"},
}
DEPUTIES = {id: {"mandates": [mandate]} for id, mandate in MANDATES.items()}
_HELD = {"office": "ppk", "since": "2026-01-01"}
HOLDERS = {
    "p-901": {"offices": [{**_HELD, "agency": "palu"}, {**_HELD, "agency": "bandung"}]},
    "p-left": {"offices": [{**_HELD, "agency": "palu", "until": "2026-11-22"}]},
}
ACTORS = {
    **{f"deputy-{id}": Actor(login=f"deputy-{id}", person=id) for id in MANDATES},
    "rina": Actor(login="rina", person="p-rina"),
    "auditor": Actor(
        login="auditor", person="p-902", offices=(Office(office="auditor", agency="central", since=date(2026, 1, 1)),)
    ),
    "ppk": Actor(login="ppk", person="p-901", offices=(PPK,)),
}


class Found:
    """What a query found, as motor gives it."""

    def __init__(self, rows: list[Any]) -> None:
        self.rows = iter(rows)

    def sort(self, *_by: Any) -> "Found":
        return self

    async def to_list(self, _length: Any) -> list[Any]:
        return list(self.rows)

    def __aiter__(self) -> "Found":
        return self

    async def __anext__(self) -> Any:
        for row in self.rows:
            return row
        raise StopAsyncIteration


class Journal:
    """A database of which the journal tells these events, and the facts know the rule sets."""

    def __init__(self, events: list[Event]) -> None:
        self.events = events

    def __getitem__(self, name: str) -> "Journal":
        self.name = name
        return self

    def find(self, query: Mapping[str, Any], _fields: Any = None) -> Found:
        if self.name == "evaluations":
            results = [event for event in self.events if isinstance(event, EvaluationCompleted)]
            return Found([{"state": {"person": e.person, "result": e.model_dump()}} for e in results])
        if self.name in ("fact_deputy", "fact_officeholder"):
            known = DEPUTIES if self.name == "fact_deputy" else HOLDERS
            return Found([{"_id": id, "value": known[id]} for id in query["_id"]["$in"] if id in known])
        if self.name != "journal":
            return Found([{"_id": book, "value": {"content": content}} for book, content in BOOKS.items()])
        kept = [{"type": e.TYPE, "time": "2026-11-23T05:00", "data": e.model_dump_json()} for e in self.events]
        return Found([entry for entry in kept if entry["time"] < query["time"]["$lt"]])

    async def count_documents(self, _query: Mapping[str, Any], **_more: Any) -> int:
        """None of the cases ended."""
        return 0


class Desk:
    """An engine that knows three cases and two people."""

    service = SERVICE

    def __init__(self) -> None:
        _, state = evaluated()
        _, confirmed = decide(state, ApprovalGranted(case="c-1", attempt=1), facts())
        early = Evaluation(case="c-3", person="p-rina")
        self.db = Journal([evaluated(facts(changed(RINA, service_bond=True, education_level="30")))[0]])
        self.states: Mapping[str, Evaluation] = {"c-1": state, "c-2": confirmed, "c-3": early}

    async def command(self, request: Any) -> tuple[int, Mapping[str, Any]]:
        raise AssertionError(f"the evaluation takes no commands: {request}")

    async def load(self, _decider: Decider[Any], id: str) -> Any:
        return (1, self.states[id]) if id in self.states else None

    async def actor(self, login: str) -> Actor:
        return ACTORS.get(login, Actor(login=login, person="p-999"))

    def now(self) -> datetime:
        return NOON


class Tokens:
    """Takes the header for the login."""

    async def login(self, header: str) -> str:
        if not header:
            raise Refused("UNAUTHENTICATED", status=401)
        return header


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    texts = yaml.safe_load(files("services.evaluation").joinpath("texts.yaml").read_text("utf-8"))
    desk: Any = Desk()
    tokens: Any = Tokens()
    settings = Settings.model_validate(SETTINGS)
    app = make_http(SERVICE, [router], desk, settings, texts, progress=Progress(), ops=desk, tokens=tokens)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as made:
        yield made


async def test_rina_reads_her_evaluation(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/evaluations/c-1?lang=id", headers={"Authorization": "rina"})
    body = answer.json()
    assert (answer.status_code, body["eligible"], body["score"], body["standing"]) == (
        200,
        True,
        9156,
        "completed",
    )
    assert body["paragraph"].startswith("Memenuhi syarat.")
    assert len(body["rules"]) == 28
    assert {row["name"]: row["points"] for row in body["factors"]}["competence"] == 3556


async def test_an_office_concerned_reads_it_in_its_language(client: httpx.AsyncClient) -> None:
    headers = {"Authorization": "ppk", "Accept-Language": "en"}
    body = (await client.get("/v1/evaluations/c-2", headers=headers)).json()
    assert (body["language"], body["standing"]) == ("en", "confirmed")
    assert body["paragraph"].startswith("Eligible.")


async def test_who_stands_in_for_an_office_concerned_reads_it(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/evaluations/c-2", headers={"Authorization": "deputy-p-903"})
    assert answer.json()["standing"] == "confirmed"


@pytest.mark.parametrize(
    ("path", "login", "status", "code"),
    [
        ("c-1", "stranger", 403, "FORBIDDEN"),
        ("c-1", "deputy-p-904", 403, "FORBIDDEN"),
        ("c-1", "deputy-p-905", 403, "FORBIDDEN"),
        ("c-1", "deputy-p-906", 403, "FORBIDDEN"),
        ("c-1", "", 401, "UNAUTHENTICATED"),
        ("c-9", "rina", 404, "NOT_FOUND"),
        ("c-3", "rina", 404, "NOT_EVALUATED_YET"),
        ("c-3", "stranger", 403, "FORBIDDEN"),
    ],
)
async def test_refusals(client: httpx.AsyncClient, path: str, login: str, status: int, code: str) -> None:
    answer = await client.get(f"/v1/evaluations/{path}", headers={"Authorization": login} if login else {})
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_another_language_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/evaluations/c-1?lang=fr", headers={"Authorization": "rina"})
    assert answer.status_code == 422


async def test_the_rules_are_there_for_everybody(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/rules?on=2025-06-30", headers={"Authorization": "stranger"})
    tenure = next(rule for rule in answer.json()["rules"] if rule["id"] == "R03-MIN")
    assert (tenure["parameters"], tenure["certainty"]) == ({"months": 24}, "S")
    assert {step["family"] for step in answer.json()["procedures"]} >= {"R02", "R51"}
    early = await client.get("/v1/rules?on=2016-01-01", headers={"Authorization": "stranger"})
    assert (early.status_code, early.json()["code"]) == (404, "NO_RULES_THEN")


async def test_rules_are_checked_for_an_official(client: httpx.AsyncClient) -> None:
    packaged = files("services.evaluation.rules")
    texts = {entry.name: entry.read_text("utf-8") for entry in packaged.iterdir() if entry.name.endswith(".yaml")}
    asked = {"files": texts}
    good = await client.post("/v1/rules/check", json=asked, headers={"Authorization": "ppk"})
    assert good.json() == {"problems": [], "rules": len(RULES.rules)}
    texts["R03-MIN.yaml"] = texts["R03-MIN.yaml"].replace("valid_to: 2025-06-30", "valid_to: 2025-07-01")
    bad = await client.post("/v1/rules/check", json=asked, headers={"Authorization": "ppk"})
    assert bad.json()["problems"] == [
        "R03-MIN: two versions hold from 2025-07-01: end the one from 2017-04-07 on 2025-06-30 (its valid_to)"
    ]
    refused = await client.post("/v1/rules/check", json=asked, headers={"Authorization": "stranger"})
    assert refused.status_code == 403


async def test_what_would_have_to_change(client: httpx.AsyncClient) -> None:
    body = (await client.get("/v1/evaluations/c-1/changes?lang=en", headers={"Authorization": "rina"})).json()
    assert (body["reached"], len(body["ways"])) == (False, 1)
    assert {step["text"] for step in body["ways"][0]["steps"]} == {
        "Complete the service bond",
        "Reach S-1 in education (now D-III)",
    }


async def test_as_of_a_day_it_is_repeated(client: httpx.AsyncClient) -> None:
    body = (await client.get("/v1/evaluations/c-1/as-of/2026-11-23", headers={"Authorization": "rina"})).json()
    assert (body["identical"], body["standing"], body["eligible"]) == (True, "completed", False)
    assert body["facts"]["edition"] == body["ruleset"]
    early = await client.get("/v1/evaluations/c-1/as-of/2026-11-22", headers={"Authorization": "rina"})
    assert (early.status_code, early.json()["code"]) == (404, "NOT_EVALUATED_YET")
    stranger = await client.get("/v1/evaluations/c-1/as-of/2026-11-23", headers={"Authorization": "stranger"})
    assert stranger.status_code == 403


async def test_the_fairness_audit_is_for_auditors_and_hides_the_few(client: httpx.AsyncClient) -> None:
    asked = {"people": {"p-rina": {"sex": "F"}}}
    body = (await client.post("/v1/audits/fairness?lang=en", json=asked, headers={"Authorization": "auditor"})).json()
    assert (body["evaluated"], body["attributes"][0]["groups"][0]["suppressed"]) == (1, True)
    assert body["warnings"] == ["Groups below 5 people are not shown, and one more where only one is so small."]
    refused = await client.post("/v1/audits/fairness", json=asked, headers={"Authorization": "ppk"})
    assert refused.status_code == 403


async def test_effects_are_told_in_words(client: httpx.AsyncClient) -> None:
    units = [
        {"unit": f"u{n}", "moved": n % 2 == 0, "picking": 50, "before": 50, "after": 30 + n / 10 if n % 2 == 0 else 50}
        for n in range(40)
    ]
    asked = {"units": units, "expected": -0.3}
    body = (await client.post("/v1/audits/effects?lang=en", json=asked, headers={"Authorization": "ppk"})).json()
    assert (body["verdict"], body["units"], body["follow_up"]) == ("reached", 20, False)
    assert body["text"].startswith("Reached: -36.2 per cent against comparable units")
    asked["units"] = units[:3]
    few = (await client.post("/v1/audits/effects?lang=en", json=asked, headers={"Authorization": "ppk"})).json()
    assert (few["verdict"], few["share"]) == ("cannot_be_judged", None)
