"""What the vacancies of a post promise, and how much of it is not there any more. Pure.

A vacancy is published for seats that nobody holds. A file, a decree or a smaller formasi may take them later: then it
is short of seats, until somebody leaves.
"""

from collections.abc import Iterator, Mapping

from shared.contracts.overbooking import PostPromised, VacancyShort
from shared.contracts.registry import VacancyAmended, VacancyClosed, VacancyPublished
from shared.kernel.decider import Event, Frozen


class Promise(Frozen):
    """Seats of a vacancy, how many of them were filled, and how many of the others are not there."""

    quota: int
    as_of: int
    filled: int = 0
    short: int = 0


Promises = Mapping[str, Promise]


def promise(
    post: str, known: Promises, event: VacancyPublished | VacancyAmended | VacancyClosed, sequence: int
) -> list[Event]:
    """What a vacancy offers from now on; an event that is not newer than what is known says nothing."""
    before = known.get(event.vacancy)
    if before is not None and sequence <= before.as_of:
        return []
    quota = 0 if isinstance(event, VacancyClosed) else event.quota
    return [PostPromised(post=post, vacancy=event.vacancy, quota=quota, as_of=sequence)]


def shortages(post: str, known: Promises, seats: int, holders: int) -> Iterator[VacancyShort]:
    """News of each vacancy that misses another number of seats than was said before."""
    free = max(seats - holders, 0)
    for vacancy, one in known.items():
        short = max(one.quota - one.filled - free, 0)
        if short != one.short:
            yield VacancyShort(post=post, vacancy=vacancy, short=short, seats=seats, holders=holders)


def promised(known: Promises, event: PostPromised | VacancyShort) -> Promises:
    """What is promised after the event."""
    before = known.get(event.vacancy)
    if isinstance(event, VacancyShort):
        return {**known, event.vacancy: before.model_copy(update={"short": event.short})} if before else known
    news = {"quota": event.quota, "as_of": event.as_of}
    return {**known, event.vacancy: before.model_copy(update=news) if before else Promise.model_validate(news)}


def filled(known: Promises, vacancy: str) -> Promises:
    """One more of its seats is given for good."""
    before = known.get(vacancy)
    return {**known, vacancy: before.model_copy(update={"filled": before.filled + 1})} if before else known
