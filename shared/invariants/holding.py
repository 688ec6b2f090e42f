"""Who holds which post when: I1, I2 and I12, from what the registry said of its people."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import ClassVar, NamedTuple

from shared.contracts.imports import EmployeeWithdrawn
from shared.contracts.registry import EmployeeMoved, EmployeeRegistered, PostOccupancyChanged, PostRegistered
from shared.invariants.watch import Said, Watch

_GONE = frozenset({"retired", "dead"})


class Stay(NamedTuple):
    """A person on a post from a day up to, not including, `until` (None: still)."""

    person: str
    since: date
    until: date | None

    def __str__(self) -> str:
        return f"{self.person} {self.since}..{self.until or ''}"


class OneHolder(Watch):
    """I1: one active holder of a structural post at any instant.

    Who stands in (Plt, Plh) holds an office and no post; who is suspended, studies or is lent out is not active.
    """

    ID: ClassVar[str] = "I1"

    def __init__(self) -> None:
        self.structural: set[str] = set()
        self.stays: dict[str, list[Stay]] = defaultdict(list)
        self.sits: dict[str, tuple[str, date]] = {}

    def hear(self, said: Said) -> None:
        """Posts, and who sits where from when."""
        match said.event:
            case PostRegistered(structural=True, post=post):
                self.structural.add(post)
            case EmployeeWithdrawn(person=person):
                self.sits.pop(person, None)
            case EmployeeMoved() as moved:
                self._sit(moved, moved.effective_on, moved.effective_on)
            case EmployeeRegistered() as known:
                self._sit(known, known.profile.post_since, said.time.date())

    def _sit(self, known: EmployeeRegistered, since: date, until: date) -> None:
        """They sit there `since`; what they sat on before ended at `until`."""
        now = known.profile.placement.post if known.profile.status == "active" else ""
        before, began = self.sits.get(known.person, ("", since))
        if before == now:
            return
        if before:
            self.stays[before].append(Stay(known.person, began, max(began, until)))
        self.sits[known.person] = now, since

    def faults(self) -> Iterator[tuple[str, str]]:
        """Each structural post that somebody held, with the first two who held it at once."""
        for person, (post, since) in self.sits.items():
            self.stays[post].append(Stay(person, since, None))
        for post in sorted(self.structural & self.stays.keys()):
            stays = sorted(self.stays[post], key=lambda stay: (stay.since, stay.until or date.max))
            both = (f"{a} | {b}" for a, b in pairwise(stays) if a.until is None or a.until > b.since)
            yield post, next(both, "")


class OnePost(Watch):
    """I2: a person has exactly one definitive post, a registered one, from the beginning to the end."""

    ID: ClassVar[str] = "I2"

    def __init__(self) -> None:
        self.posts: set[str] = set()
        self.last: dict[str, str] = {}

    def hear(self, said: Said) -> None:
        """Posts, and the one that each person has."""
        match said.event:
            case PostRegistered(post=post):
                self.posts.add(post)
            case EmployeeWithdrawn(person=person):
                self.last.pop(person, None)
            case EmployeeRegistered(person=person, profile=profile):
                self.last[person] = profile.placement.post

    def faults(self) -> Iterator[tuple[str, str]]:
        """Each person, with a post that there is not."""
        for person, post in self.last.items():
            yield person, "" if post in self.posts else f"post {post!r}"


class OneFact(Watch):
    """I12: release at the old place and start at the new one are one fact: no gap, no double pay.

    A move leaves the very seat that the person held, and of all posts the one they sit on counts them.
    """

    ID: ClassVar[str] = "I12"

    def __init__(self) -> None:
        self.sits: dict[str, str] = {}
        self.moves: list[tuple[str, str]] = []
        self.counted: dict[str, set[str]] = defaultdict(set)

    def hear(self, said: Said) -> None:
        """Where people sit, and where they are counted."""
        match said.event:
            case PostOccupancyChanged(person=person, post=post, present=present):
                (self.counted[person].add if present else self.counted[person].discard)(post)
            case EmployeeWithdrawn(person=person):
                self.sits[person] = ""
            case EmployeeRegistered(person=person, profile=profile) as known:
                if isinstance(known, EmployeeMoved):
                    held, left = self.sits.get(person, ""), known.left.post
                    self.moves.append((known.decree, "" if held == left else f"left {left}, held {held or '-'}"))
                self.sits[person] = "" if profile.status in _GONE else profile.placement.post

    def faults(self) -> Iterator[tuple[str, str]]:
        """Each move, and each person with where they are counted instead."""
        yield from self.moves
        for person, post in self.sits.items():
            counted = self.counted[person]
            right = counted == ({post} if post else set())
            yield person, "" if right else f"sits on {post or '-'}, counted on {', '.join(sorted(counted)) or '-'}"
