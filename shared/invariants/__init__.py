"""The invariants I1-I12 of a transfer, judged from what all services said and from nothing else. Pure.

Nothing of the services is asked or imported: what they must never do is found in their journals, also years later.
I7 (no event is edited) is the hash chain (`shared.host.audit`); I8 (an evaluation repeats) the evaluation service
answers itself.
"""

from collections.abc import Iterable

from shared.invariants.decrees import Authority, Considered
from shared.invariants.duties import Impartial
from shared.invariants.groups import AllOrNone
from shared.invariants.holding import OneFact, OneHolder, OnePost
from shared.invariants.seats import WithinFormasi
from shared.invariants.terms import Held, Paused
from shared.invariants.watch import Found, Said, Watch

__all__ = ["Found", "Said", "judged", "watches"]


def watches() -> tuple[Watch, ...]:
    """One for each invariant that events show, in the order of their numbers."""
    return (
        OneHolder(),
        OnePost(),
        Authority(),
        Considered(),
        WithinFormasi(),
        AllOrNone(),
        Impartial(),
        Held(),
        Paused(),
        OneFact(),
    )


def judged(told: Iterable[Said]) -> tuple[Found, ...]:
    """Judge events; those of one aggregate must come in their order."""
    asked = watches()
    for said in told:
        for watch in asked:
            watch.hear(said)
    return tuple(watch.found() for watch in asked)
