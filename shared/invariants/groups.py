"""Members of a swap or chain: I6, from the decrees of groups and the moves that came of them."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import ClassVar

from shared.contracts.moves import GroupMember, GroupMoveOrdered
from shared.contracts.registry import EmployeeMoved
from shared.invariants.watch import Said, Watch

UNDER_WAY = timedelta(minutes=10)
"""Members move one after another; so long after the last event of all, a move that is missing is missing."""


class AllOrNone(Watch):
    """I6: the members of a swap or chain move all or none, on the same effective date (TMT)."""

    ID: ClassVar[str] = "I6"

    def __init__(self) -> None:
        self.ordered: dict[str, tuple[datetime, tuple[GroupMember, ...]]] = {}
        self.moved: dict[str, date] = {}
        self.latest: datetime | None = None

    def hear(self, said: Said) -> None:
        """What was ordered for groups, and who moved when."""
        self.latest = max(self.latest or said.time, said.time)
        match said.event:
            case GroupMoveOrdered(group=group, members=members):
                self.ordered[group] = said.time, members
            case EmployeeMoved(decree=decree, effective_on=day):
                self.moved[decree] = day

    def faults(self) -> Iterator[tuple[str, str]]:
        """Each group that was ordered to move, with those who did not or on other days."""
        for group, (at, members) in self.ordered.items():
            days = {member.person: self.moved.get(member.decree) for member in members}
            whole = len(set(days.values())) == 1 and None not in days.values()
            waits = None in days.values() and self.latest is not None and self.latest - at < UNDER_WAY
            shown = ", ".join(f"{person} {day or '-'}" for person, day in days.items())
            yield group, "" if whole or waits else shown
