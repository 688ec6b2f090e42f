"""How often a visitor may ask: `limits.yaml`, counted by each process for itself."""

import time
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from math import ceil
from typing import Literal

import yaml
from fastapi import Request
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from pydantic import TypeAdapter, field_validator

from services.portal.web import SESSION, Portal, Trouble, words_of
from shared.kernel.decider import Frozen

TOO_MANY = 429


class Row(Frozen):
    """One row of the table; `most` as the library writes it, as in 60/minute, "" for no limit."""

    path: str
    method: str = ""
    of: Literal["browser", "address"] = "browser"
    most: str = ""

    @field_validator("most")
    @classmethod
    def _readable(cls, most: str) -> str:
        if most:
            _item(most)
        return most


@cache
def _item(most: str) -> RateLimitItem:
    """What the library counts; read once, for it is asked of every request. Raises ValueError."""
    return parse(most)


@cache
def rows() -> Sequence[Row]:
    """The packaged table. Raises OSError, yaml.YAMLError, pydantic.ValidationError."""
    table = files(__package__).joinpath("limits.yaml").read_text("utf-8")
    return TypeAdapter(list[Row]).validate_python(yaml.safe_load(table))


def row_of(method: str, path: str) -> Row:
    """The row that counts for this request."""
    return next(row for row in rows() if path.startswith(row.path) and row.method in ("", method))


class Limits:
    """What has been counted since this process began."""

    def __init__(self) -> None:
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())

    async def count(self, row: Row, who: str) -> int:
        """Count one request of somebody; 0, or after how many seconds they may ask again."""
        if not row.most:
            return 0
        item = _item(row.most)
        if await self._limiter.hit(item, row.path, row.method, who):
            return 0
        stats = await self._limiter.get_window_stats(item, row.path, row.method, who)
        return max(1, ceil(stats.reset_time - time.time()))


async def limited(request: Request) -> None:
    """Of every page. Raises Trouble 429, which says when to come again."""
    portal: Portal = request.app.state.portal
    limits: Limits = request.app.state.limits
    row = row_of(request.method, request.url.path)
    if wait := await limits.count(row, _who(request, portal, row.of)):
        raise Trouble(TOO_MANY, words_of(request).problem("TOO_MANY"), wait)


def _who(request: Request, portal: Portal, of: str) -> str:
    """A browser that we know by its cookie, which nobody can make up, or else the address."""
    browser = portal.cookies.read(request.cookies.get(SESSION, "")) if of == "browser" else ""
    return browser or (request.client.host if request.client else "")
