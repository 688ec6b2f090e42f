"""Logs are JSON with ids, and never hold a name, a NIP, an address or a token."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
import structlog
from pydantic import BaseModel, ValidationError

from shared.host.logs import OncePerSecond, configure

Lines = Callable[[], list[dict[str, Any]]]
NIP = "198001012005011901"


@pytest.fixture
def lines() -> Iterator[Lines]:
    stream = io.StringIO()
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    configure("notes", "1", "info", stream)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_ids_of_the_context_are_on_every_line(lines: Lines) -> None:
    with structlog.contextvars.bound_contextvars(correlation_id="c1", causation_id="c0", event_id="e1"):
        structlog.get_logger().info("decided", aggregate="a1")
        logging.getLogger("aiokafka").warning("left %s", "the group", extra={"partition": 3})
    ours, theirs = lines()
    ids = {
        "correlation_id": "c1",
        "causation_id": "c0",
        "event_id": "e1",
        "service": "notes",
        "instance": "1",
    }
    assert ids.items() <= ours.items()
    assert ids.items() <= theirs.items()
    assert (ours["event"], ours["level"], ours["aggregate"]) == ("decided", "info", "a1")
    assert (theirs["event"], theirs["level"], theirs["partition"]) == ("left the group", "warning", 3)
    assert ours.keys() - {"aggregate"} == theirs.keys() - {"logger", "partition"}


@pytest.mark.parametrize("key", ["name", "NIP", "email", "token", "Authorization", "body", "data"])
def test_personal_keys_are_hidden_at_any_depth(lines: Lines, key: str) -> None:
    structlog.get_logger().info("seen", **{key: "Siti"}, deep={"in": [{key: {"first": "Siti"}}]})
    assert "Siti" not in json.dumps(lines())


@pytest.mark.parametrize(
    "text",
    [
        NIP,
        int(NIP),
        f"nip={NIP},",
        "19800101 200501 1 901",
        "to siti.901@example.go.id failed",
        "eyJhbGciOiJFZERTQSJ9.eyJz.c2ln",
    ],
)
def test_personal_forms_are_hidden_anywhere(lines: Lines, text: object) -> None:
    structlog.get_logger().info("seen", where=text, also=[{"x": text}])
    logging.getLogger("uvicorn.error").error("failed for %s", text)
    told = json.dumps(lines())
    assert not any(part in told for part in ("19800101", "siti.901", "eyJhbGci"))
    assert told.count("[redacted]") >= 3


def test_other_numbers_stay(lines: Lines) -> None:
    structlog.get_logger().info("seen", offset=123456789, hash="a" * 64, at=1.5, ok=True, digits="1234567890123456789")
    assert lines()[0].items() >= {"offset": 123456789, "hash": "a" * 64, "at": 1.5, "ok": True}.items()
    assert lines()[0]["digits"] == "1234567890123456789"


def test_tracebacks_do_not_quote_input(lines: Lines) -> None:
    class Person(BaseModel):
        age: int

    sent = {"age": " ".join(["Siti", "Aminah"])}  # a traceback shows our source: the name may not stand in it whole
    for log in (structlog.get_logger(), logging.getLogger("any")):
        try:
            Person.model_validate(sent)
        except ValidationError:
            log.exception("failed")
    told = lines()
    assert all("ValidationError" in line["exception"] for line in told)
    assert "Siti Aminah" not in json.dumps(told)


async def test_an_unexpected_error_is_logged_with_its_correlation(lines: Lines, client: httpx.AsyncClient) -> None:
    answer = await client.put("/v1/notes/n", json={"text": "bug"})
    (line,) = lines()
    assert line["correlation_id"] == answer.headers["x-correlation-id"]
    assert "RuntimeError" in line["exception"]
    assert NIP not in json.dumps(line)


def test_the_same_sentence_is_said_once_a_second() -> None:
    calm = OncePerSecond()

    def heard(words: str, at: float, logger: str = "aiokafka") -> bool:
        record = logging.LogRecord(logger, logging.ERROR, "x.py", 1, words, (), None)
        record.created = at
        return calm.filter(record)

    assert heard("no broker %s", 100.0)
    assert not heard("no broker %s", 100.5)
    assert heard("no broker %s", 101.1)
    assert heard("another", 101.2)
    assert heard("no broker %s", 101.3, "pymongo")
    assert heard("parked", 101.3, "shared.runtime.aggregate")
    assert heard("parked", 101.4, "shared.runtime.aggregate")
