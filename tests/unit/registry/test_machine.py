"""Hiring, decrees, revocations, leaves, vacancies, time in any order: the rules hold after every step."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from services.registry.domain import PEOPLE, POSTS, VACANCIES
from services.registry.domain.changes import CancelVacancy
from services.registry.domain.ids import person_id, vacancy_id
from services.registry.domain.person import UpdatePerson
from services.registry.domain.vacancies import PublishVacancy
from shared.contracts.approval import DecreeIssued, DecreeRevoked
from shared.contracts.registry import (
    EmployeeMoved,
    EmployeeMoveRefused,
    EmployeeMoveScheduled,
    VacancyClosed,
    VacancyFilled,
    VacancyPublished,
)
from shared.kernel.decider import Command, Decider, Refused
from shared.runtime.service import Envelope
from tests.unit.registry.shelf import Shelf, decree, employee, seat, town

SEATS = st.tuples(st.sampled_from(["setda", "disdukcapil"]), st.sampled_from(["head", "analyst", "old"]))
STATUSES = st.sampled_from(["active", "active", "study", "suspended", "retired"])
DAYS = st.integers(min_value=-2, max_value=6)
CAPACITY = {"head": 1, "analyst": 3, "old": 2}


class Registry(RuleBasedStateMachine):
    """A town that lives. `moved` never exceeds what was decreed, and nobody sits where somebody else does."""

    people: Bundle[str] = Bundle("people")
    decrees: Bundle[DecreeIssued | None] = Bundle("decrees")
    vacancies: Bundle[str] = Bundle("vacancies")

    @initialize()
    def begin(self) -> None:
        """An empty town."""
        self.shelf: Shelf = town()
        self.hired, self.decreed, self.offered = 0, 0, 0

    def _taken(self, decider: Decider[Any], id: str, command: Command) -> bool:
        """Whether a command was taken; what is refused says nothing."""
        before = len(self.shelf.events)
        try:
            self.shelf.send(decider, id, command)
        except Refused:
            assert len(self.shelf.events) == before
            return False
        return True

    @rule(target=people, where=SEATS)
    def hire(self, where: tuple[str, str]) -> str:
        """A person comes; a structural post may refuse them."""
        self.hired += 1
        nip = f"1990031420140329{self.hired:02}"
        person = person_id("palu", nip)
        held = [state.sole_seat for state in self.shelf.states["people"].values()]
        taken = self._taken(PEOPLE, person, employee(nip, where[0], where[1]))
        assert taken is (seat(*where).post not in held)
        return person if taken else ""

    @rule(person=people, status=STATUSES)
    def change(self, person: str, status: str) -> None:
        """Leave, study, return, retire."""
        if person:
            command = UpdatePerson.model_validate({"status": status})
            self._taken(PEOPLE, person, command)

    @rule(target=decrees, person=people, to=SEATS, days=DAYS, vacancy=st.one_of(vacancies, st.just("")))
    def issue(self, person: str, to: tuple[str, str], days: int, vacancy: str) -> DecreeIssued | None:
        """A decree from where the person is now, for a day near today."""
        if not person:
            return None
        self.decreed += 1
        origin = self.shelf.state(PEOPLE, person).profile.placement
        target = self.shelf.state(VACANCIES, vacancy).published.placement if vacancy else seat(*to)
        day = (self.shelf.now + timedelta(days=days)).date()
        issued = decree(person, f"d-{self.decreed}", origin, target, day, vacancy)
        self.shelf.issued(issued)
        return issued

    @rule(back=st.integers(0, 40))
    def reread(self, back: int) -> None:
        """The registry's own log is delivered again; that is no news."""
        before = len(self.shelf.events)
        self.shelf.reread(max(0, len(self.shelf.log) - back))
        assert len(self.shelf.events) == before

    @rule(issued=decrees)
    def repeat(self, issued: DecreeIssued | None) -> None:
        """The log is read again."""
        if issued:
            self.shelf.issued(issued)

    @rule(issued=decrees)
    def revoke(self, issued: DecreeIssued | None) -> None:
        """The approval takes a decree back."""
        if issued:
            body = DecreeRevoked(case=issued.case, decree=issued.decree, code="X", person=issued.person)
            self.shelf.hear(body, Envelope("e", body.TYPE, "approval/x", "x", 2, self.shelf.now))

    @rule(target=vacancies, where=SEATS, quota=st.integers(1, 3), days=st.integers(0, 5))
    def publish(self, where: tuple[str, str], quota: int, days: int) -> str:
        """Seats are offered, at most as many as are free."""
        self.offered += 1
        id = vacancy_id("palu", str(self.offered))
        command = PublishVacancy(
            agency="palu",
            post=seat(*where).post,
            quota=quota,
            closes_on=self._local_day() + timedelta(days=days),
            purpose="need",
            reference=str(self.offered),
        )
        free = CAPACITY[where[1]] - len(self.shelf.state(POSTS, seat(*where).post).present)
        taken = self._taken(VACANCIES, id, command)
        assert taken is (quota <= free)
        return id if taken else ""

    @rule(vacancy=vacancies)
    def cancel(self, vacancy: str) -> None:
        """A vacancy is taken back."""
        if vacancy:
            self._taken(VACANCIES, vacancy, CancelVacancy(reason="budget"))

    @rule(hours=st.integers(1, 60))
    def wait(self, hours: int) -> None:
        """Time passes."""
        self.shelf.advance(self.shelf.now + timedelta(hours=hours))

    @invariant()
    def one_active_holder_per_structural_post(self) -> None:
        """I1."""
        if not hasattr(self, "shelf"):
            return
        states = self.shelf.states["people"].values()
        heads = Counter(s.profile.placement.post for s in states if s.profile.status == "active")
        assert all(heads[seat(unit, "head").post] <= 1 for unit in ("setda", "disdukcapil"))

    @invariant()
    def posts_count_who_sits_on_them(self) -> None:
        """Every person who has not left the service is counted on their post, and nowhere else (I2)."""
        if not hasattr(self, "shelf"):
            return
        sitting = {
            (id, state.profile.placement.post)
            for id, state in self.shelf.states["people"].items()
            if state.profile.status not in ("retired", "dead")
        }
        counted = {(id, post) for post, state in self.shelf.states["posts"].items() for id in state.present}
        assert counted == sitting

    @invariant()
    def each_decree_ends_once(self) -> None:
        """Scheduled once; then waiting, moved or refused: exactly one of them."""
        if not hasattr(self, "shelf"):
            return
        scheduled = Counter(event.decree for event in self.shelf.of(EmployeeMoveScheduled))
        ended = Counter(event.decree for event in self.shelf.of(EmployeeMoved, EmployeeMoveRefused))
        waiting = Counter(m.decree for s in self.shelf.states["people"].values() for m in s.moves)
        assert scheduled == ended + waiting
        assert all(count == 1 for count in scheduled.values())

    @invariant()
    def nobody_moves_before_the_day(self) -> None:
        """The move is never early, and starts the post on the effective date."""
        if not hasattr(self, "shelf"):
            return
        for event in self.shelf.of(EmployeeMoved):
            assert event.profile.post_since == event.effective_on <= self._local_day()

    def _local_day(self) -> date:
        return (self.shelf.now + timedelta(hours=8)).date()

    @invariant()
    def vacancies_are_filled_up_to_their_quota_and_closed_once(self) -> None:
        """One closing per vacancy; `left` tells what the fills leave."""
        if not hasattr(self, "shelf"):
            return
        quota = {event.vacancy: event.quota for event in self.shelf.of(VacancyPublished)}
        closed = Counter(event.vacancy for event in self.shelf.of(VacancyClosed))
        assert all(count == 1 for count in closed.values())
        filled: Counter[str] = Counter()
        for event in self.shelf.of(VacancyFilled):
            filled[event.vacancy] += 1
            assert event.left == max(0, quota[event.vacancy] - filled[event.vacancy])


Registry.TestCase.settings = settings(max_examples=100, stateful_step_count=30, deadline=None)
TestRegistry = Registry.TestCase
