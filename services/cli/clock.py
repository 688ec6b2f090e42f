"""`mutasi clock …`: the demo's domain time, stepped from timer to timer, so that they fire in their order."""

import asyncio
import re
import time as real
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Protocol

import httpx
import typer
from aiokafka.errors import KafkaError

from services.cli.client import NO_ANSWER, STUCK, Failure, failure, no_answer
from services.cli.language import say
from services.cli.session import PORTS, Session, session
from shared.kernel.calendar import Zone
from shared.runtime.clock import DomainClock

clock = typer.Typer(no_args_is_help=True, help="Domain time: show; advance (demo only).")
PATIENCE, POLL, CALM = 60.0, 0.15, 4
"""Seconds to wait for one step, seconds between looks, and how many looks in a row must find everybody idle."""
_PART = re.compile(r"(\d+)([wdhm])")
_UNITS = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}


class Clock(Protocol):
    """What is needed of the domain clock."""

    def now(self) -> datetime:
        """Domain time."""

    async def advance(self, to: datetime) -> None:
        """Shift it forward for everybody."""


@dataclass(frozen=True, slots=True)
class Due:
    """A service's next timer, and whether it has nothing in its hands."""

    next: datetime | None
    idle: bool


Look = Callable[[], Awaitable[Mapping[str, Due]]]


def add_to(app: typer.Typer) -> None:
    """Add the commands about time."""
    app.add_typer(clock, name="clock")


@clock.command("show")
def show(context: typer.Context) -> None:
    """Domain time, and how far it is ahead of real time."""
    here = session(context)

    async def read(domain: DomainClock) -> dict[str, Any]:
        return {"now": domain.now().isoformat(), "ahead_seconds": round(domain.now().timestamp() - real.time(), 3)}

    here.output.fields(asyncio.run(_with_clock(here, read)))


@clock.command("advance")
def advance(
    context: typer.Context,
    duration: Annotated[str, typer.Argument(help="As in 3d, 2w or 1d12h.")] = "",
    until: Annotated[str, typer.Option(help="A day (it has begun everywhere) or a moment, ISO 8601.")] = "",
) -> None:
    """Advance domain time; every timer on the way fires in its order."""
    here = session(context)
    if bool(duration) == bool(until):
        raise typer.BadParameter(say("sebut lama waktu atau --until", "name a duration or --until"))

    async def step(domain: DomainClock) -> dict[str, Any]:
        target = moment(until) if until else domain.now() + length(duration)
        async with httpx.AsyncClient(headers={"authorization": f"Bearer {here.token()}"}, timeout=10) as http:
            journey = Journey(domain, lambda: look(http, here.addresses))
            await journey.go(target)
        return {"now": domain.now().isoformat(), "fired": journey.fired}

    found = asyncio.run(_with_clock(here, step))
    if not here.output.as_json:
        here.output.rows(found, found["fired"], "at", "service")
    here.output.done(found, say(f"Waktu domain kini {found['now']}.", f"Domain time is now {found['now']}."))


def length(text: str) -> timedelta:
    """A duration: weeks, days, hours, minutes. Raises typer.BadParameter."""
    parts = _PART.findall(text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise typer.BadParameter(
            say(f"{text!r} bukan lama waktu; contoh 3d12h", f"{text!r} is no duration; as in 3d12h")
        )
    return sum((int(number) * _UNITS[unit] for number, unit in parts), timedelta())


def moment(text: str) -> datetime:
    """A moment; a day begins in the west (WIB) last. Raises typer.BadParameter."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        try:
            found = datetime.fromisoformat(text)
        except ValueError:
            raise typer.BadParameter(say(f"{text!r} bukan tanggal", f"{text!r} is no date")) from None
        return found if found.tzinfo else found.replace(tzinfo=Zone.WIB.info)
    return datetime.combine(day, time(0, 1), Zone.WIB.info)


@dataclass(slots=True)
class Journey:
    """Goes to a moment, stopping at every timer until it fired and everybody is idle again."""

    clock: Clock
    look: Look
    fired: list[dict[str, str]] = field(default_factory=list)

    async def go(self, target: datetime) -> None:
        """Raises Failure when a timer does not fire or the services do not come to rest."""
        while True:
            dues = await self._rest()
            stops = {name: due.next for name, due in dues.items() if due.next is not None and due.next <= target}
            if not stops:
                break
            at = min(stops.values())
            await self._to(at)
            await self._rest(past=at)
            self.fired += [{"at": at.isoformat(), "service": name} for name, due in stops.items() if due == at]
        await self._to(target)
        await self._rest()

    async def _to(self, at: datetime) -> None:
        if at > self.clock.now():
            await self.clock.advance(at)

    async def _rest(self, past: datetime | None = None) -> Mapping[str, Due]:
        """Wait until all are idle for a while, with no timer left up to `past`: a message between two is in nobody's
        hands."""
        deadline, calm = real.monotonic() + PATIENCE, 0
        while real.monotonic() < deadline:
            dues = await self.look()
            left = [name for name, due in dues.items() if past and due.next and due.next <= past]
            calm = calm + 1 if all(due.idle for due in dues.values()) and not left else 0
            if calm >= CALM:
                return dues
            await asyncio.sleep(POLL)
        busy = ", ".join(name for name, due in dues.items() if not due.idle or name in left)
        raise failure(
            STUCK,
            "CLOCK_STUCK",
            say(f"Layanan tidak kunjung selesai: {busy}.", f"These do not come to rest: {busy}."),
            say("Lihat `mutasi events parked list` dan lognya.", "See `mutasi events parked list` and the logs."),
        )


async def look(http: httpx.AsyncClient, addresses: Mapping[str, str]) -> Mapping[str, Due]:
    """Ask every service what is due next. Raises Failure."""
    found = await asyncio.gather(*(_due(http, name, addresses[name]) for name in PORTS))
    return dict(zip(PORTS, found, strict=True))


async def _due(http: httpx.AsyncClient, name: str, url: str) -> Due:
    try:
        reply = await http.get(f"{url}/ops/due")
    except httpx.HTTPError as error:
        raise no_answer(name, url, error) from None
    if reply.is_error:
        raise Failure(3 if reply.status_code in (401, 403) else 5, reply.json())
    body = reply.json()
    return Due(datetime.fromisoformat(body["next"]) if body["next"] else None, bool(body["idle"]))


async def _with_clock(here: Session, use: Callable[[DomainClock], Awaitable[dict[str, Any]]]) -> dict[str, Any]:
    """Raises Failure when Kafka, which carries the time, does not answer."""
    domain = DomainClock(here.need("MUTASI_KAFKA"))
    try:
        await domain.start()
        return await use(domain)
    except (KafkaError, TimeoutError) as error:
        detail = say("Kafka tidak menjawab", "Kafka does not answer")
        mend = say("Periksa dengan `make doctor`.", "Look with `make doctor`.")
        raise failure(NO_ANSWER, "NO_ANSWER", f"{detail}: {type(error).__name__}", mend) from None
    finally:
        await domain.stop()
