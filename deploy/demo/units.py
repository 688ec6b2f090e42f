"""Spreads people over agencies, units and posts; seats follow from how well a unit is staffed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from deploy.demo.model import Agency, PostKind, UnitKind, government

_EFFECTIVE = 75_000  # minutes that one person works in a year (PermenPANRB 1/2020)
_SCHOOL = 18  # people of a school of the demo
_STRUCTURAL = ("jpt_pratama", "administrator", "supervisor")


@dataclass(frozen=True, slots=True, eq=False)
class Unit:
    """A unit with its own code and name."""

    agency: Agency
    kind: UnitKind
    code: str
    name: str
    parent: str


@dataclass(frozen=True, slots=True)
class Post:
    """A post of a unit: `seats` as approved (formasi), `holders` as they are (bezetting)."""

    unit: Unit
    kind: PostKind
    template: str
    seats: int
    holders: int

    @property
    def code(self) -> str:
        """Unique in the agency."""
        return f"{self.unit.code}-{self.template}"

    @property
    def title(self) -> str:
        """Heads carry the name of what they lead."""
        return self.kind.title.format(unit=self.unit.name)

    @property
    def structural(self) -> bool:
        """A managerial post."""
        return self.kind.kind in _STRUCTURAL

    @property
    def tasks(self) -> dict[str, int]:
        """How often each task of the post comes in a year."""
        whole = self.seats * _EFFECTIVE * self.unit.kind.load * self.unit.agency.load / 10_000
        return {task: round(whole / len(self.kind.tasks) / minutes) for task, minutes in self.kind.tasks.items()}


def share(total: int, weights: Sequence[int]) -> list[int]:
    """Whole parts of a total by weight that add up to it (largest remainders)."""
    whole = sum(weights)
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for i in by_remainder[: total - sum(parts)]:
        parts[i] += 1
    return parts


def posts(people: int) -> Iterator[Post]:
    """All posts of all agencies; their holders add up to `people`."""
    agencies = government().agencies
    for agency, size in zip(agencies, share(people, [agency.size for agency in agencies]), strict=True):
        yield from _agency(agency, size)


def _agency(agency: Agency, people: int) -> Iterator[Post]:
    units = list(_units(agency, people))
    minimum = [len(unit.kind.heads) + 1 for unit in units]
    if people < sum(minimum):
        raise ValueError(f"{agency.agency} needs at least {sum(minimum)} people, not {people}")
    counts = {kind.unit: sum(unit.kind is kind for unit in units) for kind in government().units}
    weights = [unit.kind.size * 1000 // counts[unit.kind.unit] for unit in units]
    extra = share(people - sum(minimum), weights)
    for unit, least, more in zip(units, minimum, extra, strict=True):
        yield from _posts(unit, least + more)


def _units(agency: Agency, people: int) -> Iterator[Unit]:
    for kind in government().units:
        for number, name in enumerate(_names(agency, kind, people), 1):
            code = f"{kind.unit}-{_slug(name)}" if kind.per == "district" else kind.unit
            code = f"{kind.unit}-{number:03}" if kind.per == "school" else code
            yield Unit(agency, kind, code, f"{kind.name} {name}".strip(), kind.parent)


def _names(agency: Agency, kind: UnitKind, people: int) -> Sequence[str]:
    if kind.per == "district":
        return agency.districts[: max(2, min(len(agency.districts), people // 150))]
    if kind.per == "school":
        schools = max(2, people * kind.size // 100 // _SCHOOL)
        return [f"Dasar Negeri {n}" if n % 3 else f"Menengah Pertama Negeri {n // 3}" for n in range(1, schools + 1)]
    return ("",)


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")


def _posts(unit: Unit, people: int) -> Iterator[Post]:
    kinds = government().posts
    for template in unit.kind.heads:
        yield Post(unit, kinds[template], template, 1, 1)
    templates: Mapping[str, int] = unit.kind.posts
    holders = share(people - len(unit.kind.heads), list(templates.values()))
    for template, count in zip(templates, holders, strict=True):
        yield Post(unit, kinds[template], template, max(1, -(-count * 100 // unit.kind.staffing)), count)
    for template, seats in unit.kind.vacant.items():
        yield Post(unit, kinds[template], template, seats, 0)
