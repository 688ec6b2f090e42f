"""The seats of a vacancy: who has one, who waits for one, and whom a freed one is offered. Pure."""

from services.proposal.domain.seats.offers import LeaveSeat, TakeSeat
from services.proposal.domain.seats.register import make_seats
from services.proposal.domain.seats.state import Seats, seats_of

__all__ = ["LeaveSeat", "Seats", "TakeSeat", "make_seats", "seats_of"]
