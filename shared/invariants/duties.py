"""Who decided about whom: I9, from cases, decisions, and who is related to or competes with whom."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import ClassVar, NamedTuple

from shared.contracts.approval import CaseOpened, TaskDecided
from shared.contracts.proposal import ProposalExpired, ProposalRefused, ProposalSubmitted, ProposalWithdrawn
from shared.contracts.registry import EmployeeRegistered
from shared.contracts.tasks import TaskVoted
from shared.invariants.watch import Said, Watch


class Word(NamedTuple):
    """Somebody's decision in a case."""

    case: str
    task: str
    by: str
    at: datetime


class Wish(NamedTuple):
    """A person wants a seat of a vacancy, in a case that ended at `until` (None: not yet)."""

    person: str
    since: datetime
    until: datetime | None = None


class Impartial(Watch):
    """I9: nobody decides, verifies or rates in a case where they are party, relative or direct competitor."""

    ID: ClassVar[str] = "I9"

    def __init__(self) -> None:
        self.parties: dict[str, set[str]] = defaultdict(set)
        self.related: dict[frozenset[str], datetime] = {}
        self.vacancy: dict[str, str] = {}
        self.wishes: dict[str, dict[str, Wish]] = defaultdict(dict)
        self.words: list[Word] = []

    def hear(self, said: Said) -> None:
        """Parties and relatives, and every word that counted, also what was said on paper before."""
        match said.event:
            case EmployeeRegistered(person=person, profile=profile):
                for relative in profile.relatives:
                    self.related.setdefault(frozenset((person, relative)), said.time)
            case CaseOpened(case=case, person=person, partners=partners, paper=paper):
                self.parties[case] |= {person, *partners} - {""}
                for word in paper.words if paper else ():
                    at = datetime.combine(word.on, time(), UTC)
                    self.words.append(Word(case, f"{case} on paper, {word.stage}", word.by, at))
            case TaskVoted(case=case, task=task, by=by):
                self.words.append(Word(case, task, by, said.time))
            case TaskDecided(case=case, task=task, by=by, members=members):
                authors = dict.fromkeys((by, *members))
                self.words += (Word(case, task, one, said.time) for one in authors if one)
            case _:
                self._wished(said)

    def _wished(self, said: Said) -> None:
        """Who competes with whom, from when until when."""
        match said.event:
            case ProposalSubmitted(case=case, content=content) if content.vacancy:
                self.vacancy[case] = content.vacancy
                self.wishes[content.vacancy].setdefault(case, Wish(content.person, said.time))
            case ProposalWithdrawn() | ProposalRefused() | ProposalExpired() as over:
                wishes = self.wishes[self.vacancy.get(over.case, "")]
                if wish := wishes.get(over.case):
                    wishes[over.case] = wish._replace(until=said.time)

    def faults(self) -> Iterator[tuple[str, str]]:
        """Each decision, with what its author was to the case when they decided."""
        for word in self.words:
            yield word.task, self._fault(word)

    def _fault(self, word: Word) -> str:
        parties = self.parties[word.case]
        if word.by in parties:
            return f"{word.by} is a party of {word.case}"
        since = [self.related.get(frozenset((word.by, party))) for party in parties]
        if any(known is not None and known <= word.at for known in since):
            return f"{word.by} is related to a party of {word.case}"
        rivals = self.wishes[self.vacancy.get(word.case, "")].values()
        if any(word.by == wish.person and wish.since <= word.at <= (wish.until or word.at) for wish in rivals):
            return f"{word.by} wants the same seat as {word.case}"
        return ""
