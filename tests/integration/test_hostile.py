"""Hostile input on every topic and at every HTTP door: no process dies, no partition stops, nothing is lost unseen.

Each bad record is followed by a good one on the same partition. All of it goes to the session's running system.
"""

import asyncio
import base64
import json
import subprocess
import sys
import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import MessageSizeTooLargeError

from deploy.docs.openapi import FOLDER, SERVICES, app_of
from deploy.docs.schemas import GOLDEN
from shared.runtime.clock import DomainClock
from tests.support.region import Headers, Region, offer, stranger

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]
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


def listeners(topic: str) -> list[str]:
    """Services that act on the type of this topic."""
    described = {name: app_of(name).service for name in SERVICES}
    return [
        name for name in SERVICES if topic in described[name].reads and TYPES[topic] in described[name].routes.by_type
    ]


async def send(region: Region, topic: str, bad: list[Bad]) -> dict[str, Bad]:
    """Each, and behind it a good one; where each bad one lies."""
    type, placed = TYPES[topic], {}
    producer = AIOKafkaProducer(bootstrap_servers=region.system.stack.kafka, max_request_size=4 << 20)
    await producer.start()
    try:
        for one in bad:
            at = await producer.send_and_wait(topic, one.value, key=b"hostile", headers=one.headers, partition=0)
            placed[f"{topic}/0/{at.offset}"] = one
            mark = uuid.uuid4().hex[:8]
            headers = envelope(type, mark)
            await producer.send_and_wait(topic, example(type, mark), key=b"good", headers=headers, partition=0)
        with pytest.raises(MessageSizeTooLargeError):
            await producer.send_and_wait(topic, b"x" * (3 << 20), partition=0)
    finally:
        await producer.stop()
    return placed


def up_to_date(region: Region, group: str, topic: str) -> bool:
    """True when the group has committed all records of partition 0."""
    return not asyncio.run(behind(region, group, topic))


async def behind(region: Region, group: str, topic: str) -> int:
    """Records of partition 0 that the group has not committed yet."""
    admin = AIOKafkaAdminClient(bootstrap_servers=region.system.stack.kafka)
    consumer = AIOKafkaConsumer(bootstrap_servers=region.system.stack.kafka)
    place = TopicPartition(topic, 0)
    await admin.start()
    await consumer.start()
    try:
        committed = (await admin.list_consumer_group_offsets(group, partitions=[place]))[place].offset
        return int((await consumer.end_offsets([place]))[place] - committed)
    finally:
        await consumer.stop()
        await admin.close()


def check_alive(region: Region, pids: dict[str, int]) -> None:
    """The processes are those of before; they are ready, and their work moves."""
    for replica in region.system.running:
        assert replica.server.pid == pids[replica.server.name]
        assert replica.server.alive()
        for probe in ("ready", "live"):
            assert region.http.get(f"{replica.url}/health/{probe}").is_success


@pytest.fixture
def pids(region: Region) -> dict[str, int]:
    """Who runs before the test."""
    return {replica.server.name: replica.server.pid for replica in region.system.running}


@pytest.mark.parametrize("topic", TYPES)
def test_hostile_records_on_our_own_topics_are_parked(region: Region, pids: dict[str, int], topic: str) -> None:
    """By everybody who would act on them, byte for byte and with the reason; what comes behind them is handled."""
    placed = asyncio.run(send(region, topic, [*spoilt(TYPES[topic]), *ignored(TYPES[topic])]))
    for service in SERVICES:
        if topic in app_of(service).service.reads:
            region.until(f"{service} reads on", partial(up_to_date, region, f"mutasi.{service}", topic))
    wanted = {place for place, bad in placed.items() if bad.name in {bad.name for bad in spoilt(TYPES[topic])}}
    for service in listeners(topic):
        parked = {one["_id"]: one for one in region.parked(service)}
        assert {place for place in parked if place in placed} == wanted, service
        for place in wanted:
            check_evidence(parked[place], placed[place])
            answer = region.ask(region.system.admin, "POST", service, f"/ops/parked/{quoted(place)}/replay")
            assert (answer.status_code, answer.json()["code"]) == (409, "UNREADABLE")
            region.post(region.system.admin, service, f"/ops/parked/{quoted(place)}/skip", {"reason": "sent by a test"})
        left = {one["_id"] for one in region.parked(service)}
        assert not left & wanted
        assert wanted <= {one["_id"] for one in region.parked(service, "skipped")}
    check_alive(region, pids)


def quoted(place: str) -> str:
    """A place as one part of an address."""
    return place.replace("/", "%2F")


def check_evidence(parked: dict[str, Any], bad: Bad) -> None:
    """All that an operator needs to see what it was."""
    kept = parked["bytes"]
    assert (None if kept is None else base64.b64decode(kept)) == bad.value, bad.name
    assert [(name, base64.b64decode(value)) for name, value in parked["headers"]] == bad.headers, bad.name
    assert parked["reason"], bad.name


def test_what_comes_behind_the_bad_is_acted_on(region: Region, pids: dict[str, int]) -> None:
    """A login said behind bad records is known to everybody, and a reply is given to nobody."""
    mark = f"hostile-{uuid.uuid4().hex[:8]}"
    said = json.dumps({"person": f"p-{mark}", "login": mark}).encode()
    asyncio.run(send(region, "mutasi.registry", spoilt(TYPES["mutasi.registry"])[:3]))
    headers = [*envelope(TYPES["mutasi.registry"], f"p-{mark}"), ("reply_to", b"mutasi.evaluation")]
    before = asyncio.run(ends(region, "mutasi.evaluation"))
    asyncio.run(region.produce("mutasi.registry", [(said, headers, b"k")]))
    for service, path in (("proposal", "/v1/proposals"), ("approval", "/v1/cases"), ("notification", "/v1/messages")):
        region.until(f"{service} knows {mark}", partial(region.answers, mark, service, path))
    assert asyncio.run(ends(region, "mutasi.evaluation")) == before
    check_alive(region, pids)


async def ends(region: Region, topic: str) -> int:
    """How many records a topic has."""
    consumer = AIOKafkaConsumer(bootstrap_servers=region.system.stack.kafka)
    await consumer.start()
    try:
        return sum((await consumer.end_offsets([TopicPartition(topic, n) for n in range(12)])).values())
    finally:
        await consumer.stop()


SHIFTS = [
    b"\xff", b"{}", b"[1,2,3]", None, b"[" * 100_000,
    b'{"at":1,"offset":1e30,"rate":1}', b'{"at":1,"offset":"nan","rate":1}', b'{"at":1,"offset":-1e11,"rate":1}',
    b'{"at":1,"offset":0,"rate":1e9}', b'{"at":-1e300,"offset":0,"rate":2}', b'{"at":1,"offset":1,"rate":"inf"}',
]  # fmt: skip


def test_an_absurd_shift_of_the_clock_shifts_nothing(region: Region, pids: dict[str, int]) -> None:
    """Time goes on as it was, in processes that run and in one that reads the topic anew."""
    asyncio.run(region.produce("mutasi.clock", [(value, [], b"clock") for value in SHIFTS]))
    login = region.colleague()
    submitted = region.status(login, region.apply(login, region.vacancy()), "submitted")
    assert submitted["receipt"]
    check_alive(region, pids)
    shown = asyncio.run(domain_time(region))
    assert abs((shown - region.now()).total_seconds()) < 5


async def domain_time(region: Region) -> datetime:
    """What a clock that begins now reads."""
    clock = DomainClock(region.system.stack.kafka)
    await clock.start()
    try:
        return clock.now()
    finally:
        await clock.stop()


def test_a_parked_event_closes_its_source_until_it_is_replayed_or_skipped(region: Region) -> None:
    """An answer that is older than the case's memory is parked; what its source says after it waits behind it."""
    for verb, body in (("replay", None), ("skip", {"reason": "nobody needs it"})):
        case = f"c-{uuid.uuid4().hex[:12]}"

        def granted(sequence: int, case: str = case) -> tuple[bytes, Headers, bytes]:
            headers = envelope("mutasi.approval.granted.v1", case, ce_sequence=str(sequence).encode())
            return json.dumps({"case": case, "attempt": 0}).encode(), headers, case.encode()

        asyncio.run(region.produce("mutasi.approval", [granted(1000 + n) for n in range(70)]))
        asyncio.run(region.produce("mutasi.approval", [granted(5)]))
        found = region.until("it is parked", partial(of_case, region, case, "parked"))
        assert (found["kind"], found["sequence"]) == ("cases", 5)
        assert "older than the window" in found["reason"]
        region.post(region.system.admin, "proposal", f"/ops/parked/{quoted(found['_id'])}/{verb}", body)
        status = {"replay": "replayed", "skip": "skipped"}[verb]
        region.until(f"it is {status}", partial(of_case, region, case, status))
        assert of_case(region, case, "parked") is None


def of_case(region: Region, case: str, status: str) -> Any:
    """What the proposal service has parked of one case."""
    return next((one for one in region.parked("proposal", status) if one["aggregate"] == case), None)


# -- the agencies' doors ---------------------------------------------------------------------------------------------


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


async def refusals(region: Region, topic: str, since: int) -> list[dict[str, Any]]:
    """What was refused on the agency's own topic from that record on."""
    place, found = TopicPartition(topic, 0), []
    consumer = AIOKafkaConsumer(bootstrap_servers=region.system.stack.kafka, enable_auto_commit=False)
    await consumer.start()
    try:
        consumer.assign([place])
        consumer.seek(place, since)
        end = (await consumer.end_offsets([place]))[place]
        while await consumer.position(place) < end:
            for records in (await consumer.getmany(place, timeout_ms=500)).values():
                found += [json.loads(record.value or b"{}") for record in records]
    finally:
        await consumer.stop()
    return found


async def end(region: Region, topic: str) -> int:
    """Where the next record of partition 0 will lie."""
    consumer = AIOKafkaConsumer(bootstrap_servers=region.system.stack.kafka)
    await consumer.start()
    try:
        return int((await consumer.end_offsets([TopicPartition(topic, 0)]))[TopicPartition(topic, 0)])
    finally:
        await consumer.stop()


@pytest.mark.parametrize("agency", ["palu", "bandung"])
def test_hostile_offers_are_refused_with_every_reason(region: Region, pids: dict[str, int], agency: str) -> None:
    """On the agency's own topic, each with a remedy in both languages; the good offer behind them is published."""
    door, refused = f"mutasi.agency.{agency}", f"mutasi.agency.{agency}.refused"
    bad, since = offers(agency), asyncio.run(end(region, refused))
    asyncio.run(region.produce(door, [(one.value, one.headers, b"hostile") for one, _ in bad]))
    region.until("all refusals", lambda: len(asyncio.run(refusals(region, refused, since))) >= len(bad))
    told = asyncio.run(refusals(region, refused, since))
    heard = [{(reason["field"], reason["code"]) for reason in one["reasons"]} for one in told]
    for one, reasons in bad:
        assert reasons in heard, one.name
    assert len(told) == len(bad)
    assert all(set(reason["remedy"]) == {"id", "en"} for one in told for reason in one["reasons"])
    if agency == "palu":
        region.vacancy()
    check_alive(region, pids)


# -- HTTP ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("service", SERVICES)
def test_no_request_brings_a_service_to_its_knees(
    region: Region, pids: dict[str, int], service: str, tmp_path: Path
) -> None:
    """Schemathesis over the OpenAPI of the service with a valid token, for a bounded time: no 5xx."""
    login = region.system.admin if service in ("registry", "notification") else region.colleague()
    thorough = service in ("proposal", "approval")
    phases, examples = ("examples,coverage,fuzzing", "15") if thorough else ("fuzzing", "8")
    command = [
        str(Path(sys.executable).with_name("st")), "run", str(FOLDER / f"{service}.json"),
        "--url", region.system.url(service), "-H", f"Authorization: Bearer {region.system.token(login)}",
        "--checks", "not_a_server_error", "--phases", phases, "--max-examples", examples, "--max-time", "10",
        "--generation-deterministic", "--no-shrink", "--workers", "2", "--warnings", "off", "--no-color",
        "--suppress-health-check", "all",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    check_alive(region, pids)
