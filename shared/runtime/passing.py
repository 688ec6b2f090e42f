"""Which of the driver's errors may pass by themselves."""

from collections.abc import Awaitable, Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import ParamSpec, TypeVar

from pymongo.errors import ConnectionFailure, PyMongoError

from shared.runtime.ports import Unavailable

# Elections, shutdowns, lost cursors, timeouts, unmet concerns, a full disk: the same call may work later.
PASSING = {6, 7, 43, 50, 64, 89, 91, 112, 134, 189, 202, 237, 262, 10107, 11600, 11601, 11602, 13435, 13436, 14031}
P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S")


def _passing(error: PyMongoError) -> bool:
    details = getattr(error, "details", None) or {}
    codes = {getattr(error, "code", None), *(one["code"] for one in details.get("writeErrors", ()))}
    lost = isinstance(error, ConnectionFailure) or error.timeout or details.get("writeConcernErrors")
    return bool(lost or codes & PASSING)


def _guard(call: Callable[P, Awaitable[R]]) -> Callable[P, Awaitable[R]]:
    @wraps(call)
    async def guard(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return await call(*args, **kwargs)
        except PyMongoError as error:
            if _passing(error):
                raise Unavailable(f"{type(error).__name__}: {error}"[:300]) from error
            raise

    return guard


def guarded(store: type[S]) -> type[S]:
    """Errors that may pass become `Unavailable` in all public methods; others are faults of ours and stay."""
    for name, call in list(vars(store).items()):
        if not name.startswith("_") and iscoroutinefunction(call):
            setattr(store, name, _guard(call))
    return store
