"""Can every evaluation be made again from what is stored, to the same answer (I8)?"""

from fastapi import APIRouter
from pydantic import BaseModel

from services.evaluation.domain.history import Told, repeated
from services.evaluation.domain.judge import Books
from services.evaluation.store import books, told_of_all
from shared.host.http import Caller

router = APIRouter()


class Replayed(BaseModel):
    """How many cases were evaluated again, and those whose evaluation says something else now."""

    checked: int
    differing: tuple[str, ...]


@router.get("/v1/audits/replays", name="audits.replays")
async def replays(call: Caller) -> Replayed:
    """Repeat the evaluation of every case from the facts and rules that were stored with it."""
    await call.allow()
    known, same = await books(call.db), {}
    async for case, told in told_of_all(call.db):
        same[case] = _identical(told, known)
    return Replayed(checked=len(same), differing=tuple(case for case, identical in same.items() if not identical))


def _identical(told: list[Told], known: Books) -> bool:
    """A rule set that is gone or was changed makes no answer the same."""
    try:
        found = repeated(told, known)
    except (KeyError, ValueError):
        return False
    return found is None or found.identical
