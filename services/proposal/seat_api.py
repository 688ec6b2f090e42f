"""The HTTP door of who waits for a seat of a first-come vacancy: their place, and the answer to an offered seat."""

from datetime import datetime

from fastapi import APIRouter
from pydantic import BaseModel

from services.proposal import store
from services.proposal.deciders import CASES, SEATS
from services.proposal.domain import LeaveSeat, Seats, TakeSeat, seats_of
from shared.host.http import Caller, Json

router = APIRouter()


class Place(BaseModel):
    """What the register last told the case ("none": nothing), its place from 1 among those who wait (0: it does not),
    and the end of an offer."""

    case: str
    vacancy: str
    status: str
    place: int
    until: datetime | None


@router.get("/v1/proposals/{case}/seat", name="seat.read")
async def read(case: str, call: Caller) -> Place:
    """Whether the case has a seat, waits for one, or is offered one."""
    vacancy = (await call.read(CASES, case)).vacancy
    state = Seats.model_validate(await store.seats(call.db, seats_of(vacancy)) or {"vacancy": vacancy})
    seat, waiter, waiting = state.cases.get(case), state.waiters.get(case), state.those("waiting")
    return Place(
        case=case,
        vacancy=vacancy,
        status=seat.status if seat else "none",
        place=waiting.index(case) + 1 if case in waiting else 0,
        until=waiter.until if waiter else None,
    )


@router.post("/v1/proposals/{case}/seat/accept", name="seat.accept")
async def accept(case: str, call: Caller) -> Json:
    """Take the seat that became free; the case goes on."""
    return await call.send(SEATS, seats_of((await call.read(CASES, case)).vacancy), TakeSeat(case=case))


@router.post("/v1/proposals/{case}/seat/decline", name="seat.decline")
async def decline(case: str, call: Caller) -> Json:
    """Leave it to who waits next."""
    return await call.send(SEATS, seats_of((await call.read(CASES, case)).vacancy), LeaveSeat(case=case))
