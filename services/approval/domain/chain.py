"""Chains of approval as dated, cited data, and what is wrong with them in words a lawyer can act on. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from services.approval.domain.facts import Agency
from services.approval.domain.letters import ORDER, Needed, issuer_of
from shared.contracts.registry import Placement
from shared.contracts.stages import PlannedStage
from shared.kernel.move import MoveKind

Word = Annotated[str, Field(min_length=1, pattern=r"^[A-Za-z0-9_.-]+$")]
ListKind = Literal["emergency", "reorganisation"]
"""What a list of people is decided for; the other kinds are of one person's move."""
Code = Annotated[str, Field(pattern=r"^[A-Z][A-Z_]*$")]
ROW = {"stages": "stage", "parallel": "parallel", "entries": "entry", "appointers": "appointer"}


class Cited(BaseModel):
    """An entry with its source; certainty S sure, P probable, C to be checked before go-live."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    citation: Annotated[str, Field(min_length=1)]
    certainty: Literal["S", "P", "C"]


class Term(Cited):
    """How many working days (hari kerja) a stage has."""

    working_days: Annotated[int, Field(ge=1, le=250)]


class StageTerm(Cited):
    """How long a stage has: working days (hari kerja), or hours by the clock where the law counts these."""

    working_days: Annotated[int, Field(ge=1, le=250)] | None = None
    hours: Annotated[int, Field(ge=1, le=720)] | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.working_days is None) == (self.hours is None):
            raise ValueError("give either working_days or hours")
        return self


class Together(Cited):
    """Stages that run at the same time; the file goes on when `quorum` of them agree or, as opinions, were heard."""

    id: Word
    quorum: Annotated[int, Field(ge=1, le=9)]


class Title(BaseModel):
    """What a stage is called."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: Annotated[str, Field(min_length=1)]
    en: Annotated[str, Field(min_length=1)]


Agencies = Mapping[str, Agency]


class Stage(Cited):
    """One stage: who, what kind of word they have, by when, with which reason codes and which letter."""

    id: Word
    title: Title
    decision: Literal["opinion", "consent", "verify", "decide"]
    office: Word
    scope: Literal["origin_unit", "origin_agency", "target_unit", "target_agency"]
    term: StageTerm
    silence: Literal["escalate", "deemed"]
    deemed: Cited | None = None
    letter: Needed | None = None
    quorum: Annotated[int, Field(ge=1, le=25)] = 1
    acting: bool = True
    together: Word | Literal[""] = ""
    refuse: tuple[Code, ...] = ()
    give_back: Annotated[tuple[Code, ...], Field(alias="return")] = ()
    also_by: tuple[Word, ...] = ()

    @model_validator(mode="after")
    def _sound(self) -> Self:
        if (self.silence == "deemed") != (self.deemed is not None):
            raise ValueError("silence 'deemed' needs `deemed` with its citation, and only it does")
        if self.deemed and not (self.letter and self.letter.external):
            raise ValueError("only the letter of an authority outside can be deemed given: take silence 'escalate'")
        if self.letter and (self.quorum > 1 or self.decision != "consent"):
            raise ValueError("a stage with a letter is a 'consent' of one: take quorum and decision back")
        if self.together and (self.letter or self.decision == "decide"):
            raise ValueError("a stage with a letter, and the one that decides, stand alone: take together back")
        return self

    def planned(self, origin: Placement, target: Placement, agencies: Agencies, desk: "Desk") -> PlannedStage:
        """The stage for a person who leaves `origin` for `target`; `agencies` are both of these."""
        side, level = self.scope.split("_")
        place = origin if side == "origin" else target
        provinces = {code: agency.province for code, agency in agencies.items()}
        return PlannedStage(
            **self.model_dump(include=PLANNED),
            letter=self.letter.kind if self.letter else None,
            issuer=issuer_of(self.letter.issuer, origin, target, provinces) if self.letter else "",
            external=bool(self.letter and self.letter.external),
            deemed=self.deemed.citation if self.deemed else "",
            zone="" if place.agency == origin.agency else agencies[place.agency].zone,
            agency=place.agency,
            unit=place.unit if level == "unit" else "",
            working_days=self.term.working_days or 0,
            hours=self.term.hours or 0,
            recall_minutes=desk.recall_minutes,
            release_days=desk.release.working_days if desk.release else 0,
            answer_days=desk.answer.working_days if desk.answer and not self.term.hours else 0,
        )


PLANNED = {"id", "decision", "office", "refuse", "give_back", "also_by", "citation", "quorum", "acting", "together"}


class Superior(Cited):
    """The office of the task's agency that is told when another one let a term pass."""

    office: Word


class Desk(BaseModel):
    """How tasks are worked on. Without a term, or a superior, the step is not there; 0 minutes: no recall."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    answer: Term | None = None
    release: Term | None = None
    escalate: Superior | None = None
    recall_minutes: Annotated[int, Field(ge=0, le=1440)] = 0


class Chain(Cited):
    """One version of a chain, for one kind of move, from `valid_from` up to, not including, `valid_to`."""

    id: Word
    kind: Literal[MoveKind, ListKind]
    version: Word
    valid_from: date
    valid_to: date | None = None
    desk: Desk = Desk()
    parallel: tuple[Together, ...] = ()
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        ids = [stage.id for stage in self.stages]
        for place, stage in enumerate(self.stages):
            if stage.id in ids[:place]:
                raise ValueError(f"stage {stage.id} stands twice: give each stage an id of its own")
            if unknown := sorted(set(stage.also_by) - set(ids[:place])):
                raise ValueError(f"stage {stage.id}: also_by names {unknown[0]}, which is no earlier stage")
        deciding = [stage.id for stage in self.stages if stage.decision == "decide"]
        if deciding != ids[-1:]:
            raise ValueError("exactly the last stage must have the decision 'decide'")
        self._lettered()
        if self.kind in get_args(ListKind) and any(stage.give_back or stage.letter for stage in self.stages):
            raise ValueError("a list of people is approved or refused: take return and letter back")
        for wrong in beside_wrongly(self.parallel, self.stages):
            raise ValueError(wrong)
        if self.valid_to is not None and self.valid_to <= self.valid_from:
            raise ValueError("valid_to is the first day without this version: it must lie after valid_from")
        return self

    def _lettered(self) -> None:
        """The letters stand in the order of their dates, each once."""
        found = [ORDER.index(stage.letter.kind) for stage in self.stages if stage.letter]
        if found != sorted(set(found)):
            raise ValueError(f"each letter once, in this order: {', '.join(ORDER)}")

    def holds_on(self, day: date) -> bool:
        """True when a case opened on that day follows this version."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    def plan(self, origin: Placement, target: Placement, agencies: Agencies) -> tuple[PlannedStage, ...]:
        """All stages of a case; `agencies` are the two that it leads between."""
        needed = {one.id: one.quorum for one in self.parallel}
        return tuple(
            stage.planned(origin, target, agencies, self.desk).model_copy(
                update={"favourable": needed.get(stage.together, 0)}
            )
            for stage in self.stages
        )


def beside_wrongly(parallel: tuple[Together, ...], stages: tuple[Stage, ...]) -> Iterator[str]:
    """What is wrong with the stages that run at the same time."""
    named = {one.id: one.quorum for one in parallel}
    places = {word: [n for n, stage in enumerate(stages) if stage.together == word] for word in named}
    for stage in stages:
        if stage.together and stage.together not in named:
            yield f"stage {stage.id}: together names {stage.together}, which parallel does not: add it with its quorum"
        if again := [one.id for one in stages if one.together == stage.together != "" and one.id in stage.also_by]:
            yield f"stage {stage.id}: also_by names {again[0]}, which runs at the same time: two people decide there"
    for word, found in places.items():
        if len(found) <= 1 or found[-1] - found[0] + 1 != len(found):
            yield f"parallel {word}: at least two stages next to each other must name it under together"
        elif named[word] > len(found):
            yield f"parallel {word}: quorum {named[word]} of {len(found)} stages is never reached: lower it"


class BadChains(ValueError):
    """The files cannot be used. `problems` says, one sentence each, where and what to mend."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class NoChain(LookupError):
    """No version of a chain holds for this kind of move on this day."""

    def __init__(self, kind: str, day: date) -> None:
        super().__init__(f"no chain for moves of kind {kind} holds on {day}: add a file or mend its dates")


class Chains(BaseModel):
    """All loaded versions."""

    model_config = ConfigDict(frozen=True)

    chains: tuple[Chain, ...]

    def on(self, kind: str, day: date) -> Chain:
        """The version for a kind of move on a day. Raises NoChain."""
        for chain in self.chains:
            if chain.kind == kind and chain.holds_on(day):
                return chain
        raise NoChain(kind, day)

    def superior(self, id: str, version: str, office: str) -> str:
        """Who is told besides, when that office lets a term of this version pass; "" for nobody."""
        own = next((one.desk.escalate for one in self.chains if (one.id, one.version) == (id, version)), None)
        return own.office if own and own.office != office else ""

    def of(self, kind: str) -> list[Chain]:
        """All versions for a kind of move or id of a chain, or all there are, in the order of their days."""
        found = [chain for chain in self.chains if kind in ("", chain.kind, chain.id)]
        return sorted(found, key=lambda chain: (chain.id, chain.valid_from))


def parse_chains(files: Mapping[str, object]) -> Chains:
    """Chains from parsed YAML by file name. Raises BadChains with everything that is wrong in all of them."""
    problems: list[str] = []
    chains: list[Chain] = []
    for name, content in sorted(files.items()):
        try:
            chains.append(Chain.model_validate(content))
        except ValidationError as error:
            problems += sentences(name, content, error)
    if not files:
        problems.append("there is no chain file: at least one *.yaml with a chain is needed")
    problems += _clashes(chains)
    if problems:
        raise BadChains(tuple(problems))
    return Chains(chains=tuple(chains))


def sentences(name: str, content: object, error: ValidationError) -> list[str]:
    """One sentence per mistake: file, stage by name, field, what is wrong."""
    return [
        f"{name}: {_place(content, found['loc'])}{found['msg'].removeprefix('Value error, ')}"
        for found in error.errors()
    ]


def _place(content: object, path: tuple[int | str, ...]) -> str:
    """`stage 3 (ppk), term.working_days: ` for ("stages", 2, "term", "working_days")."""
    words, rest = [], path
    if len(path) > 1 and isinstance(path[1], int):
        row = content[path[0]][path[1]] if isinstance(content, dict) else None
        label = f" ({row['id']})" if isinstance(row, dict) and "id" in row else ""
        words.append(f"{ROW.get(str(path[0]), 'row')} {path[1] + 1}{label}")
        rest = path[2:]
    if rest:
        words.append(".".join(str(step) for step in rest))
    return f"{', '.join(words)}: " if words else ""


def _clashes(chains: list[Chain]) -> list[str]:
    """Two versions that hold on one day leave open which one judges."""
    problems = []
    for one, other in pairwise(sorted(chains, key=lambda chain: (chain.kind, chain.valid_from))):
        if one.kind == other.kind and one.holds_on(other.valid_from):
            problems.append(
                f"{one.id} {one.version} and {other.id} {other.version} both hold on {other.valid_from} "
                f"for moves of kind {one.kind}: end one with valid_to"
            )
    names = [(chain.id, chain.version) for chain in chains]
    twice = sorted({name for name in names if names.count(name) > 1})
    return problems + [f"{id} version {version} stands in two files" for id, version in twice]
