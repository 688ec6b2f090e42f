"""What a route gets from `Call`: commands once per key, queries by policy, deny by default."""

import httpx
import pytest
from fastapi import FastAPI

from shared.host.http import missing_rules
from tests.unit.host.sample import Clients, Desk

NOTE = {"text": "hello"}


def key(name: str) -> dict[str, str]:
    return {"Idempotency-Key": name}


async def test_a_command_is_answered_with_id_version_and_etag(client: httpx.AsyncClient, desk: Desk) -> None:
    trace = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"
    headers = {**key("k1"), "X-Correlation-Id": "corr-0001", "traceparent": trace}
    answer = await client.post("/v1/notes", json=NOTE, headers=headers)
    assert answer.status_code == 201
    body = answer.json()
    assert body == {"id": body["id"], "version": 1, "text": "hello", "by": "siti"}
    assert answer.headers["etag"] == '"1"'
    assert answer.headers["x-correlation-id"] == "corr-0001"
    assert answer.headers["x-content-type-options"] == "nosniff"
    request = desk.requests[0]
    assert (request.login, request.key, request.created) == ("siti", "siti k1", True)
    assert request.correlation == "corr-0001"
    assert request.trace[3:35] == "a" * 32
    assert request.trace[36:52] != "b" * 16


async def test_the_same_key_meets_in_one_aggregate(as_login: Clients) -> None:
    siti, budi = as_login("siti"), as_login("budi")
    first = await siti.post("/v1/notes", json=NOTE, headers=key("k1"))
    again = await siti.post("/v1/notes", json=NOTE, headers=key("k1"))
    assert (again.status_code, again.json()) == (201, first.json())
    others = [await siti.post("/v1/notes", json=NOTE, headers=key("k2"))]
    others.append(await budi.post("/v1/notes", json=NOTE, headers=key("k1")))
    assert len({answer.json()["id"] for answer in [first, *others]}) == 3


async def test_a_key_with_another_body_is_refused(client: httpx.AsyncClient) -> None:
    await client.post("/v1/notes", json=NOTE, headers=key("k1"))
    other = await client.post("/v1/notes", json={"text": "other"}, headers=key("k1"))
    assert (other.status_code, other.json()["code"]) == (422, "KEY_REUSED")


async def test_another_wish_under_one_key_is_never_answered_as_the_first(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/notes/n1/both", headers=key("k1"))
    assert answer.json()["code"] == "KEY_REUSED"


async def test_creating_needs_a_key(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/notes", json=NOTE)
    assert (answer.status_code, answer.json()["code"]) == (400, "KEY_MISSING")
    assert (await client.put("/v1/notes/n1", json=NOTE)).status_code == 200


@pytest.mark.parametrize("bad", [b"x" * 201, b"with space", b"\xe9"])
async def test_an_unusable_key_is_refused(client: httpx.AsyncClient, bad: bytes) -> None:
    answer = await client.put("/v1/notes/n1", json=NOTE, headers={b"Idempotency-Key": bad})
    assert (answer.status_code, answer.json()["errors"][0]["in"]) == (422, "header")


@pytest.mark.parametrize(
    ("etag", "status"), [('"1"', 200), ('W/"1"', 200), ("*", 200), ('"2"', 412), ("1", 422), ('"x"', 422)]
)
async def test_if_match_guards_the_version(client: httpx.AsyncClient, etag: str, status: int) -> None:
    await client.put("/v1/notes/n1", json=NOTE)
    answer = await client.put("/v1/notes/n1", json={"text": "second"}, headers={"If-Match": etag})
    assert answer.status_code == status


async def test_a_form_is_told_apart_by_its_command(client: httpx.AsyncClient, desk: Desk) -> None:
    for _ in range(2):
        await client.post("/v1/imports", files={"file": b"x" * 10}, headers=key("k1"))
    other = await client.post("/v1/imports", files={"file": b"x" * 11}, headers=key("k1"))
    assert len({request.fingerprint for request in desk.requests}) == 2
    assert other.json()["code"] == "KEY_REUSED"


async def test_reading_asks_the_policy_with_the_state(as_login: Clients) -> None:
    siti, budi = as_login("siti"), as_login("budi")
    await siti.put("/v1/notes/n1", json=NOTE)
    shown = await siti.get("/v1/notes/n1")
    assert shown.json() == {"id": "n1", "version": 1, "text": "hello", "by": "siti"}
    assert shown.headers["etag"] == '"1"'
    assert (await budi.get("/v1/notes/n1")).json()["code"] == "FORBIDDEN"
    assert (await budi.put("/v1/notes/n1", json=NOTE)).status_code == 403
    assert (await siti.get("/v1/notes/none")).json()["code"] == "NOT_FOUND"


async def test_lists_ask_the_policy(as_login: Clients) -> None:
    listed = await as_login("siti").get("/v1/notes")
    assert listed.json() == {"of": "siti", "limit": 10, "db": {"of": "queries"}}
    assert (await as_login("stranger").get("/v1/notes")).status_code == 403


async def test_a_route_that_forgets_the_policy_tells_nothing(client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/forgotten")
    assert (answer.status_code, answer.json()["code"]) == (403, "FORBIDDEN")
    assert "secret" not in answer.text


async def test_a_route_without_a_rule_is_denied_and_named(client: httpx.AsyncClient, app: FastAPI, desk: Desk) -> None:
    assert (await client.get("/v1/unruled")).status_code == 403
    assert missing_rules(app, desk.service.policy) == ["note.unruled"]


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/forgotten"), ("GET", "/v1/notes"), ("POST", "/v1/notes"), ("GET", "/ops/parked")],
)
async def test_every_route_but_the_public_ones_wants_a_token(client: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, path, headers={"Authorization": ""})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("path", ["/health/live", "/metrics", "/openapi.json"])
async def test_public_routes_want_none(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path, headers={"Authorization": ""})).status_code == 200


async def test_the_document_tells_of_tokens_keys_and_problems(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    written = document["paths"]["/v1/notes"]["post"]
    assert written["security"] == [{"bearer": []}]
    assert "application/problem+json" in written["responses"]["default"]["content"]
    assert {p["name"]: p["required"] for p in written["parameters"]} == {
        "Idempotency-Key": True,
        "If-Match": False,
    }
    assert document["paths"]["/v1/notes/{id}"]["get"]["parameters"][0]["schema"]["pattern"].startswith("^[A-Za")
    assert "security" not in document["paths"]["/health/live"]["get"]
