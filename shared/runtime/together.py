"""Several questions to the store at once."""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import TypeVar

T = TypeVar("T")


async def together(asked: Iterable[Awaitable[T]]) -> list[T]:
    """All answers, as `asyncio.gather`; one alone, which is the usual case, goes without a task of its own."""
    awaited = list(asked)
    return list(await asyncio.gather(*awaited)) if len(awaited) > 1 else [await one for one in awaited]


async def outcome_of(asked: Awaitable[T]) -> T | Exception:
    """The answer or the error, where one's error must not hide the others' answers."""
    try:
        return await asked
    except Exception as error:
        return error
