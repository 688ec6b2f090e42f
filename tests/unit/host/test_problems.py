"""Every refusal is a problem in the caller's language with a remedy; nothing a caller sends makes a 5xx."""

from collections.abc import AsyncIterator

import httpx
import pytest

from shared.host.http import BODY_LIMIT
from shared.host.problem import Problems, language
from shared.kernel.decider import Refused
from tests.unit.host.sample import Clients

JSON = {"Content-Type": "application/json", "Idempotency-Key": "k"}


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "id"), ("*", "id"), ("de", "id"), ("en", "en"), ("en-GB,en;q=0.9", "en"), ("id,en;q=0.9", "id"),
        ("en;q=0.4, id;q=0.5", "id"), ("en;q=x", "id"), ("EN-us", "en"), ("en;q=0", "id"),
    ],
)  # fmt: skip
def test_language_is_negotiated(accept: str, chosen: str) -> None:
    assert language(accept) == chosen


async def test_a_services_own_refusal_is_told_in_both_languages(as_login: Clients) -> None:
    english = await as_login().put("/v1/notes/n", json={"text": "refused"}, headers={"X-Correlation-Id": "corr-0001"})
    assert english.headers["content-type"] == "application/problem+json"
    assert english.json() == {
        "type": "urn:mutasi:problem:FULL",
        "title": "Refused by a rule",
        "status": 409,
        "detail": "Vacancy v1 is full (2).",
        "code": "FULL",
        "where": "text",
        "mend": "Choose another vacancy than {unknown}.",
        "values": {"quota": 2, "vacancy": "v1"},
        "errors": [],
        "correlation_id": "corr-0001",
    }
    own = await as_login(**{"Accept-Language": "id"}).put("/v1/notes/n", json={"text": "refused"})
    assert (own.json()["detail"], own.headers["content-language"]) == ("Formasi v1 sudah penuh (2).", "id")


async def test_too_early_asks_to_come_back(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/notes/n", json={"text": "early"})
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (409, "NOT_YET", "2")
    assert "employee/p1" in answer.json()["detail"]


async def test_no_database_is_busy(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/notes/n", json={"text": "away"})
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "BUSY", "5")


async def test_a_bug_is_told_without_its_inside(client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/notes/n", json={"text": "bug"})
    assert (answer.status_code, answer.json()["code"]) == (500, "INTERNAL")
    assert "RuntimeError" not in answer.text
    assert "198001012005011901" not in answer.text
    assert answer.json()["correlation_id"] == answer.headers["x-correlation-id"]
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_wrong_fields_are_pointed_at_and_not_repeated(client: httpx.AsyncClient) -> None:
    body = {"text": "x" * 41, "pages": "198001012005011901x"}
    answer = await client.put("/v1/notes/n", json=body)
    assert answer.json()["errors"] == [
        {"pointer": "/text", "in": "body", "code": "string_too_long", "detail": "At most 40 characters."},
        {"pointer": "/pages", "in": "body", "code": "int_parsing", "detail": "Must be a whole number."},
    ]
    assert "198001012005011901" not in answer.text


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "VALIDATION"),
        (b"{", "MALFORMED"),
        (b"[]", "VALIDATION"),
        (b"null", "VALIDATION"),
        (b'{"text": "\xff\xfe"}', "MALFORMED"),
        (b'{"text": "a\\u0000b"}', "MALFORMED"),
        (b'{"text": "a\x00b"}', "MALFORMED"),
        (b'{"text": "\\ud800"}', "MALFORMED"),
        (b'{"text": "\xed\xa0\x80"}', "MALFORMED"),
        (b'{"text": "t", "extra": {"\\udfff": 1}}', "MALFORMED"),
        (b'{"text": "t", "extra": {"a\\u0000": 1}}', "MALFORMED"),
        (b'{"text": "t", "pages": 9223372036854775808}', "MALFORMED"),
        (b'{"text": "t", "pages": -9223372036854775809}', "MALFORMED"),
        (b'{"text": "t", "pages": ' + b"9" * 5000 + b"}", "MALFORMED"),
        (b'{"text": "t", "extra": {"a": NaN}}', "MALFORMED"),
        (b'{"text": "t", "extra": {"a": 1e999}}', "MALFORMED"),
        (b'{"text": "t", "extra": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "MALFORMED"),
        ('{"text": "t"}'.encode("utf-16"), "MALFORMED"),
    ],
)
async def test_hostile_bodies_are_refused(client: httpx.AsyncClient, body: bytes, code: str) -> None:
    answer = await client.put("/v1/notes/n", content=body, headers=JSON)
    assert answer.json()["code"] == code
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    "body",
    [
        b'{"text": "t", "pages": 9223372036854775807}',
        b'{"text": "C:\\\\u0000"}',
        b'{"text": "\\ud83d\\ude00"}',
        b'{"text": "t", "extra": {"nip": "198001012005011901", "long": "12345678901234567890"}}',
    ],
)
async def test_odd_but_good_bodies_are_taken(client: httpx.AsyncClient, body: bytes) -> None:
    assert (await client.put("/v1/notes/n", content=body, headers=JSON)).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "x"])
async def test_another_content_type_is_refused(client: httpx.AsyncClient, kind: str) -> None:
    answer = await client.put("/v1/notes/n", content=b'{"text": "t"}', headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "MEDIA_TYPE")


@pytest.mark.parametrize("id", ["%00", "a%00b", "%ed%a0%80", "%ff", "a%20b", "$where", "é", "x" * 121])
@pytest.mark.parametrize("method", ["GET", "PUT"])
async def test_odd_ids_are_refused(client: httpx.AsyncClient, method: str, id: str) -> None:
    answer = await client.request(method, f"/v1/notes/{id}", json={"text": "t"})
    assert (answer.status_code, answer.json()["errors"][0]["in"]) == (422, "path")


@pytest.mark.parametrize("query", ["limit=" + "9" * 30, "limit=-" + "9" * 30, "after=%00", "limit=x", "limit=101"])
async def test_odd_queries_are_refused(client: httpx.AsyncClient, query: str) -> None:
    answer = await client.get(f"/v1/notes?{query}")
    assert (answer.status_code, answer.json()["errors"][0]["in"]) == (422, "query")


async def test_unknown_addresses_and_methods(client: httpx.AsyncClient) -> None:
    assert (await client.get("/nowhere")).json()["code"] == "NOT_FOUND"
    wrong = await client.delete("/v1/notes/n")
    assert (wrong.status_code, wrong.json()["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert wrong.headers["allow"] == "GET, PUT"


async def _pieces(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * 100_000


async def test_large_bodies_are_refused_told_or_not(client: httpx.AsyncClient) -> None:
    told = await client.put("/v1/notes/n", content=b"x" * (BODY_LIMIT + 1), headers=JSON)
    untold = await client.put("/v1/notes/n", content=_pieces(11), headers=JSON)
    for answer in (told, untold):
        assert (answer.status_code, answer.json()["code"]) == (413, "TOO_LARGE")
        assert answer.headers["content-type"] == "application/problem+json"


async def test_a_route_may_take_more(client: httpx.AsyncClient) -> None:
    taken = await client.post("/v1/imports", files={"file": b"x" * 2_000_000})
    assert taken.json()["text"] == "2000000 bytes"
    assert (await client.post("/v1/imports", files={"file": b"x" * 3_000_000})).status_code == 413


async def test_an_insane_correlation_id_is_replaced(client: httpx.AsyncClient) -> None:
    for sent in ("short", "x" * 101, "with space in it"):
        answer = await client.get("/v1/notes", headers={"X-Correlation-Id": sent})
        assert len(answer.headers["x-correlation-id"]) == 32


def test_every_built_in_code_speaks_both_languages() -> None:
    scope = {"mutasi.correlation": "c"}
    for code, entry in Problems()._codes.items():
        for lang in ("id", "en"):
            headers = [(b"accept-language", lang.encode())]
            answer = Problems().answer({**scope, "headers": headers}, Refused(code))
            assert answer.status_code == entry["status"]
            assert entry[lang]
            assert entry["mend"][lang]


def test_an_unknown_code_still_has_a_title() -> None:
    answer = Problems().answer({"mutasi.correlation": "c", "headers": []}, Refused("ODD", status=418))
    assert answer.status_code == 418
    assert b"Ditolak oleh aturan" in bytes(answer.body)
