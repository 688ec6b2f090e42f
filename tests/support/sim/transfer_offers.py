"""The vacancies of a town: published by the clerk or offered at the agency's door, and what must become of each."""

import json
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from services.registry.door import OFFERED
from shared.contracts.offers import VacancyOfferRefused
from shared.contracts.registry import VacancyClosed, VacancyFilled, VacancyPublished
from shared.kernel.calendar import Zone
from shared.kernel.decider import Event
from shared.runtime.ports import Entry
from tests.support.sim.transfer_town import AGENCY, ANALYST, DOOR_TOPIC, HEAD
from tests.support.sim.world import World

UNHEARD = frozenset({"UNKNOWN_AGENCY", "UNKNOWN_POST"})
"""What the registry says of an offer as long as it has not heard its own history."""
WRONG: tuple[tuple[Mapping[str, Any], frozenset[str]], ...] = (
    ({"post": f"p:{AGENCY}:none"}, frozenset({"UNKNOWN_POST"})),
    ({"quota": 99, "purpose": ""}, frozenset({"PURPOSE_MISSING", "QUOTA_ABOVE_FORMASI"})),
    ({"closes_on": "2020-01-01"}, frozenset({"CLOSING_DATE_PAST"})),
)
UNREADABLE = frozenset({"BAD_JSON"})


class Offers:
    """What the agency's program and its clerk want, and whether each is answered once, rightly and completely."""

    def __init__(self, world: World, quota: Mapping[str, int]) -> None:
        self.world, self.quota, rng = world, quota, world.rng
        self.closes = {vacancy: rng.choice(("2026-03-31", "2026-12-31", "2026-12-31")) for vacancy in quota}
        self.at_door = {vacancy for vacancy in quota if rng.random() < 0.35}
        self.sent: dict[str, tuple[str, frozenset[str]]] = {}
        self.cancelled: dict[str, list[str]] = defaultdict(list)
        self.published: set[str] = set()
        self.refused: set[str] = set()
        self.closed: dict[str, str] = {}
        self.filled: dict[str, set[str]] = defaultdict(set)
        self.looks: Mapping[type[Event], Callable[[Any, Entry], None]] = {
            VacancyPublished: self._published,
            VacancyOfferRefused: self._refused,
            VacancyFilled: self._filled,
            VacancyClosed: self._closed,
        }

    def _must(self, holds: bool, name: str, text: str) -> None:
        self.world.checker.must(holds, name, text)

    def wanted(self, vacancy: str) -> dict[str, Any]:
        """What is asked for, over HTTP or at the door."""
        reference = vacancy.rsplit(":", 1)[-1]
        return {
            "agency": AGENCY,
            "post": ANALYST if reference == "a" else HEAD,
            "quota": self.quota[vacancy],
            "closes_on": self.closes[vacancy],
            "purpose": "beban kerja",
            "reference": reference,
        }

    def post(self, vacancy: str) -> str:
        """The post whose seats it offers."""
        return str(self.wanted(vacancy)["post"])

    def seats(self) -> dict[str, int]:
        """Seats that can be had, by post: two vacancies may offer one."""
        return {self.post(vacancy): self.quota[vacancy] for vacancy in self.quota}

    # -- the agency's program -------------------------------------------------------------------------------------

    def offer(self, vacancy: str) -> None:
        """A good one, once or several times under its id; now and then a bad one of the program goes before."""
        rng = self.world.rng
        if rng.random() < 0.4:
            change, codes = rng.choice(WRONG)
            wrong = {**self.wanted(vacancy), **change, "reference": f"wrong-{len(self.sent)}"}
            self._say("", codes, json.dumps(wrong))
        if rng.random() < 0.2:
            self._say("", UNREADABLE, "{")
        self._say(vacancy, frozenset(), json.dumps(self.wanted(vacancy)))

    def _say(self, vacancy: str, codes: frozenset[str], words: str) -> None:
        id = f"offer-{len(self.sent)}"
        self.sent[id] = vacancy, codes
        named = {"ce_id": id, "ce_type": OFFERED, "ce_source": f"/{AGENCY}", "ce_specversion": "1.0"}
        headers = [(name, value.encode()) for name, value in named.items()]
        for _ in range(self.world.rng.choice((1, 1, 2))):
            self.world.broker.append(DOOR_TOPIC, id.encode(), words.encode(), headers)

    # -- what must become of it -----------------------------------------------------------------------------------

    def said(self, entry: Entry, event: Event) -> None:
        """Look at one new event."""
        look = self.looks.get(type(event))
        if look is not None:
            look(event, entry)

    def _published(self, event: VacancyPublished, _: Entry) -> None:
        self._must(event.vacancy not in self.published, "N2", f"{event.vacancy} is published twice")
        same = (event.quota, str(event.closes_on)) == (self.quota[event.vacancy], self.closes[event.vacancy])
        self._must(same, "vacancy", f"{event.vacancy} is published otherwise")
        self.published.add(event.vacancy)

    def _refused(self, event: VacancyOfferRefused, _: Entry) -> None:
        self._must(event.offer not in self.refused, "N2", f"{event.offer} is refused twice")
        self.refused.add(event.offer)
        vacancy, codes = self.sent[event.offer]
        told = {reason.code for reason in event.reasons}
        unheard = bool(told & UNHEARD) and codes != UNREADABLE
        self._must(unheard or told == codes, "vacancy", f"{event.offer} of {vacancy}: {told}, not {codes}")

    def _filled(self, event: VacancyFilled, _: Entry) -> None:
        filled = self.filled[event.vacancy]
        self._must(event.case not in filled, "N2", f"{event.case} fills {event.vacancy} twice")
        filled.add(event.case)
        left = self.quota[event.vacancy] - len(filled)
        self._must(event.left == left, "I5", f"{event.vacancy} has {event.left} seats left, not {left}")

    def _closed(self, event: VacancyClosed, entry: Entry) -> None:
        vacancy = event.vacancy
        self._must(vacancy in self.published and vacancy not in self.closed, "N2", f"{vacancy} closes again, or before")
        self.closed[vacancy] = event.cause
        today = datetime.fromisoformat(entry["time"]).astimezone(Zone.WITA.info).date()
        lawful = {
            "date": today >= date.fromisoformat(self.closes[vacancy]) + timedelta(days=1),
            "cancelled": bool(self.cancelled[vacancy]),
            "filled": len(self.filled[vacancy]) == self.quota[vacancy],
        }
        self._must(lawful[event.cause], "vacancy", f"{vacancy} closes on {today}: {event.cause}")

    def at_end(self) -> None:
        """Every offer is answered; whoever was told that it is cancelled can rely on it."""
        for id, (vacancy, _) in self.sent.items():
            self._must(id in self.refused or vacancy in self.published, "N1", f"{id} of {vacancy} has no answer")
        for vacancy, keys in self.cancelled.items():
            if any(key in self.world.answers for key in keys):
                self._must(self.closed.get(vacancy) == "cancelled", "N1", f"{vacancy} is not cancelled")
