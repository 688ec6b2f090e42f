"""Hostile records: what nobody should send, and what becomes of it."""

import json
import uuid
from dataclasses import dataclass

from deploy.docs.schemas import GOLDEN
from tests.support.offers import Headers, offer, stranger

TYPES = {
    "mutasi.registry": "mutasi.account.linked.v1",
    "mutasi.people": "mutasi.person.particulars.v1",
    "mutasi.proposal": "mutasi.proposal.submitted.v1",
    "mutasi.evaluation": "mutasi.evaluation.completed.v1",
    "mutasi.approval": "mutasi.decree.issued.v1",
    "mutasi.notification": "mutasi.message.due.v1",
}
"""For each topic of ours an event that somebody acts on."""
HUGE = 900 * 1024
MANY = b'"attempt":' + b"9" * 40


@dataclass(frozen=True)
class Bad:
    """One hostile record."""

    name: str
    value: bytes | None
    headers: Headers


def envelope(type: str, subject: str, **changes: bytes) -> Headers:
    """Headers of an event of ours, some of them spoilt."""
    source = type.split(".")[1]
    headers = {
        "ce_specversion": b"1.0",
        "ce_type": type.encode(),
        "ce_id": f"hostile:{subject}:1".encode(),
        "ce_source": f"/mutasi/{source}".encode(),
        "ce_subject": subject.encode(),
        "ce_sequence": b"1",
        "ce_time": b"2026-11-24T03:00:00Z",
        "content-type": b"application/json",
    }
    return list((headers | changes).items())


def example(type: str, subject: str) -> bytes:
    """The golden example, about somebody nobody knows."""
    text = (GOLDEN / f"{type}.json").read_text("utf-8")
    data = json.loads(text)
    for name in ("case", "person", "login", "decree", "desk"):
        if name in data:
            data[name] = f"{name}-{subject}"
    return json.dumps(data).encode()


def spoilt(type: str) -> list[Bad]:
    """Everything that is to be parked by those who act on this type."""
    mark = uuid.uuid4().hex[:8]
    good = example(type, mark)
    first = next(iter(json.loads(good)))

    def headers(**changes: bytes) -> Headers:
        return envelope(type, mark, **changes)

    return [
        Bad("truncated", good[: len(good) // 2], headers()),
        Bad("empty", b"", headers()),
        Bad("tombstone", None, headers()),
        Bad("no JSON", b"\x00\x01garbage", headers()),
        Bad("a list", b"[" + good + b"]", headers()),
        Bad("too deep", b'{"a":' * 50_000 + b"1" + b"}" * 50_000, headers()),
        Bad("mistyped", json.dumps({**json.loads(good), first: {"no": ["text"]}}).encode(), headers()),
        Bad(
            "without a field", json.dumps({k: v for k, v in json.loads(good).items() if k != first}).encode(), headers()
        ),
        Bad("not UTF-8", b'{"case":"\xff\xfe"}', headers()),
        Bad("a lone surrogate", good[:-1] + b',"new":"\\ud800"}', headers()),
        Bad("a NUL", good[:-1] + b',"new":"\\u0000"}', headers()),
        Bad("a number nobody keeps", good[:-1] + b"," + MANY + b"}", headers()),
        Bad("huge", b'{"new":"' + b"x" * HUGE + b'"}', headers()),
        Bad("header not UTF-8", good, headers(ce_id=b"\xff\xfe")),
        Bad("other CloudEvents", good, headers(ce_specversion=b"0.3")),
        Bad("negative sequence", good, headers(ce_sequence=b"-1")),
        Bad("huge sequence", good, headers(ce_sequence=b"9" * 30)),
        Bad("no sequence", good, headers(ce_sequence=b"first")),
        Bad("no time", good, headers(ce_time=b"yesterday")),
        Bad("the end of time", good, headers(ce_time=b"9999-12-31T23:59:59Z")),
        Bad("wrong source", good, headers(ce_source=b"https://elsewhere.example")),
        Bad("no headers", good, []),
    ]


def ignored(type: str) -> list[Bad]:
    """What is not ours to judge, or harmless: read, and nothing is made of it."""
    mark = uuid.uuid4().hex[:8]
    return [
        Bad("a later version", b"{}", envelope(type, mark, ce_type=type.replace(".v1", ".v9").encode())),
        Bad("an unknown type", b"\xff", envelope(type, mark, ce_type=b"mutasi.test.unknown.v1")),
        Bad("reply_to", example(type, mark), [*envelope(type, mark), ("reply_to", b"mutasi.proposal")]),
    ]


SHIFTS = [
    b"\xff", b"{}", b"[1,2,3]", None, b"[" * 100_000,
    b'{"at":1,"offset":1e30,"rate":1}', b'{"at":1,"offset":"nan","rate":1}', b'{"at":1,"offset":-1e11,"rate":1}',
    b'{"at":1,"offset":0,"rate":1e9}', b'{"at":-1e300,"offset":0,"rate":2}', b'{"at":1,"offset":1,"rate":"inf"}',
]  # fmt: skip
"""Records of `mutasi.clock` that shift nothing."""


def offers(agency: str) -> list[tuple[Bad, set[tuple[str, str]]]]:
    """Bad offers and all the reasons that their sender is to hear."""
    mark = uuid.uuid4().hex[:8]
    good = json.dumps({**offer(f"H-{mark}"), "agency": agency}).encode()
    whole = json.loads(good)

    def headers(name: str, **changes: bytes) -> Headers:
        return list((dict(stranger(f"{mark}-{name}")) | changes).items())

    def changed(**changes: object) -> bytes:
        return json.dumps({**whole, **changes}).encode()

    all_missing = {(name, "REQUIRED") for name in ("id", "source", "type", "specversion")}
    return [
        (Bad("truncated", good[:-9], headers("a")), {("data", "BAD_JSON")}),
        (Bad("not UTF-8", b'{"reference":"\xff"}', headers("b")), {("data", "BAD_ENCODING")}),
        (Bad("header not UTF-8", good, headers("c", ce_source=b"\xff")), {("headers", "BAD_ENCODING")}),
        (Bad("tombstone", None, headers("d")), {("data", "EMPTY_RECORD")}),
        (Bad("huge", b'{"a":"' + b"x" * HUGE + b'"}', headers("e")), {("data", "RECORD_TOO_LARGE")}),
        (Bad("too deep", b"[" * 100_000, headers("f")), {("data", "BAD_JSON")}),
        (Bad("a list", b"[]", headers("g")), {("data", "BAD_JSON")}),
        (Bad("no headers", good, []), all_missing),
        (Bad("other CloudEvents", good, headers("h", ce_specversion=b"0.3")), {("specversion", "UNKNOWN_VERSION")}),
        (
            Bad("a later version", good, headers("i", ce_type=b"mutasi.vacancy.offered.v9", ce_specversion=b"2.0")),
            {("specversion", "UNKNOWN_VERSION"), ("type", "UNKNOWN_TYPE")},
        ),
        (
            Bad("mistyped", changed(quota="one", closes_on=5, reference=""), headers("j")),
            {("quota", "NOT_A_NUMBER"), ("closes_on", "BAD_DATE"), ("reference", "REQUIRED")},
        ),
        (Bad("a huge number", changed(quota=10**30, reference=f"K-{mark}"), headers("k")), {("quota", "OUT_OF_RANGE")}),
        (
            Bad("the end of time", changed(closes_on="9999-12-31", reference=f"O-{mark}"), headers("o")),
            {("closes_on", "BAD_DATE")},
        ),
        (
            Bad("somebody else's", changed(agency="elsewhere", reference=f"L-{mark}"), headers("l")),
            {("agency", "WRONG_SENDER")},
        ),
        (
            Bad(
                "wrong in all",
                changed(post="p:no", closes_on="2020-01-01", purpose="", reference=f"M-{mark}"),
                headers("m"),
            ),
            {("post", "UNKNOWN_POST"), ("closes_on", "CLOSING_DATE_PAST"), ("purpose", "PURPOSE_MISSING")},
        ),
        (
            Bad(
                "a reply is wanted",
                changed(post="p:no", reference=f"N-{mark}"),
                [*headers("n"), ("reply_to", b"mutasi.people")],
            ),
            {("post", "UNKNOWN_POST")},
        ),
    ]
