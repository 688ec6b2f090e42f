"""Stepping domain time: every timer fires at its own moment, in order, and nobody is overtaken."""

import socket
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import pytest
import typer

from services.cli import clock
from services.cli.__main__ import main
from services.cli.client import NO_ANSWER, STUCK, Failure
from services.cli.clock import Due, Journey, length, moment
from shared.runtime import clock as domain_clock

START = datetime(2026, 11, 2, tzinfo=UTC)


class Services:
    """Services with timers: a timer is gone a few looks after its moment; some plant another one when they fire."""

    def __init__(
        self, timers: dict[str, list[datetime]], follows: Mapping[datetime, tuple[str, datetime]] = {}
    ) -> None:
        self.time, self.timers, self.follows = START, timers, follows
        self.stops: list[datetime] = []
        self.busy = 0

    def now(self) -> datetime:
        """Domain time."""
        return self.time

    async def advance(self, to: datetime) -> None:
        """As the real clock does: never back."""
        assert to >= self.time
        self.time, self.busy = to, 3
        self.stops.append(to)

    async def look(self) -> Mapping[str, Due]:
        """What each service says."""
        self.busy = max(0, self.busy - 1)
        if not self.busy:
            self._fire()
        idle = not self.busy
        return {name: Due(min(due, default=None), idle) for name, due in self.timers.items()}

    def _fire(self) -> None:
        for due in self.timers.values():
            for at in [at for at in due if at <= self.time]:
                due.remove(at)
                if at in self.follows:
                    name, then = self.follows[at]
                    self.timers[name].append(then)
                    self.busy = 3


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "POLL", 0.001)


def day(n: int) -> datetime:
    """The n-th day after the start."""
    return START + timedelta(days=n)


async def test_each_timer_is_stopped_at_in_order_over_all_services() -> None:
    services = Services({"approval": [day(5), day(1)], "registry": [day(3)], "proposal": []})
    journey = Journey(services, services.look)
    await journey.go(day(4))
    assert services.stops == [day(1), day(3), day(4)]
    assert [(one["at"], one["service"]) for one in journey.fired] == [
        (day(1).isoformat(), "approval"), (day(3).isoformat(), "registry"),
    ]  # fmt: skip
    assert services.timers["approval"] == [day(5)]


async def test_a_timer_that_another_one_plants_is_not_jumped_over() -> None:
    services = Services({"approval": [day(1)], "registry": [day(9)]}, follows={day(1): ("registry", day(2))})
    await Journey(services, services.look).go(day(3))
    assert services.stops == [day(1), day(2), day(3)]


async def test_two_timers_of_one_moment_are_one_stop() -> None:
    services = Services({"approval": [day(1)], "registry": [day(1)]})
    journey = Journey(services, services.look)
    await journey.go(day(1))
    assert services.stops == [day(1)]
    assert len(journey.fired) == 2


async def test_a_timer_that_does_not_fire_ends_the_journey_and_names_its_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    class Stuck(Services):
        async def advance(self, to: datetime) -> None:
            self.time = to
            monkeypatch.setattr(clock, "PATIENCE", 0.5)

        def _fire(self) -> None:
            """Never."""

    services = Stuck({"approval": [day(1)], "registry": []})
    with pytest.raises(Failure) as failure:
        await Journey(services, services.look).go(day(2))
    assert failure.value.exit_code == STUCK
    assert "approval" in failure.value.problem["detail"]
    assert "registry" not in failure.value.problem["detail"]
    assert services.time == day(1)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("3d", timedelta(days=3)), ("1w2d", timedelta(days=9)), ("1d12h30m", timedelta(days=1, hours=12, minutes=30))],
)
def test_durations(text: str, expected: timedelta) -> None:
    assert length(text) == expected


@pytest.mark.parametrize("text", ["", "3", "d", "3x", "-1d", "1d x", "1.5d"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(typer.BadParameter):
        length(text)


@pytest.fixture
def silent() -> Iterator[str]:
    """A port of our own that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"127.0.0.1:{server.getsockname()[1]}"


def _fails(monkeypatch: pytest.MonkeyPatch, kafka: str) -> int:
    monkeypatch.setenv("MUTASI_KAFKA", kafka)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setattr(sys, "argv", ["mutasi", "clock", "show"])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(str(ended.value.code))


def test_a_broker_that_says_nothing_is_told_in_a_sentence(
    silent: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(domain_clock, "SECONDS", 0.2)
    assert _fails(monkeypatch, silent) == NO_ANSWER
    assert "✗ Kafka does not answer" in capsys.readouterr().err


def test_a_broker_that_is_not_there_is_told_in_a_sentence(
    silent: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(domain_clock, "SECONDS", 30.0)
    assert _fails(monkeypatch, silent.rpartition(":")[0] + ":1") == NO_ANSWER
    assert "[NO_ANSWER]" in capsys.readouterr().err


def test_a_day_is_reached_when_it_has_begun_everywhere() -> None:
    assert moment("2026-12-01") == datetime(2026, 11, 30, 17, 1, tzinfo=UTC)
    assert moment("2026-12-01T00:00:00Z") == datetime(2026, 12, 1, tzinfo=UTC)
    with pytest.raises(typer.BadParameter):
        moment("besok")
