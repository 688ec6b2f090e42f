"""What a mutation plan is made of: the scenario a planner sets, and the values its events carry."""

from shared.kernel.decider import Frozen


class UnitNeed(Frozen):
    """Need of a unit (R41) in hundredths of a person, bounds of its staff, weight of its gap, its place, and its region
    (a province, as a rule), by which a run may be split."""

    unit: str
    need: int
    floor: int = 0
    ceiling: int | None = None
    weight: int = 1
    place: str = ""
    region: str = ""


class Fare(Frozen):
    """What it costs to move somebody into a unit: thousands of rupiah, and kilometres."""

    unit: str
    money: int = 0
    distance: int = 0


class Duty(Frozen):
    """Somebody who may be sent to another seat, and why; `must_move`: the plan should not leave them where they are."""

    person: str
    reason: str
    must_move: bool = False


class Wishes(Frozen):
    """Posts a volunteer prefers to the own one, best first."""

    person: str
    posts: tuple[str, ...]


class Points(Frozen):
    """Published points of a person for a post: who has fewer does not come before them there."""

    person: str
    post: str
    points: int


class PersonPost(Frozen):
    """A person in a post."""

    person: str
    post: str


class PairOfPersons(Frozen):
    """Two persons: a couple, or two who may not serve in one unit."""

    one: str
    other: str


class WayOut(Frozen):
    """At most so many leave a unit for another ("" is any other)."""

    origin: str
    target: str = ""
    most: int


class Scenario(Frozen):
    """What a planner set: all that a run needs beside the people and posts of the agency. Money in thousands of rupiah;
    `weights` of a move, a kilometre and a thousand rupiah; `levels` in order (empty: the default); `after` names the
    scenario people were told of, whose moves are kept if possible; `split`: nobody leaves their region, and each region
    is solved by itself, side by side with the others."""

    needs: tuple[UnitNeed, ...]
    duties: tuple[Duty, ...] = ()
    wishes: tuple[Wishes, ...] = ()
    critical: tuple[str, ...] = ()
    locks: tuple[PersonPost, ...] = ()
    forbidden: tuple[PersonPost, ...] = ()
    apart: tuple[PairOfPersons, ...] = ()
    couples: tuple[PairOfPersons, ...] = ()
    caps: tuple[WayOut, ...] = ()
    points: tuple[Points, ...] = ()
    budget: int | None = None
    fares: tuple[Fare, ...] = ()
    weights: tuple[int, int, int] = (1, 0, 0)
    levels: tuple[str, ...] = ()
    seed: int = 0
    after: str = ""
    split: bool = False


class LevelValue(Frozen):
    """A level of the plan: what it reached, what it can at best reach."""

    level: str
    value: int
    bound: int


class UnitStaff(Frozen):
    """Staff of a unit before and after, and its need in hundredths (KP1)."""

    unit: str
    before: int
    after: int
    need: int


class PlannedMove(Frozen):
    """One move: `wave` 1 goes to places that are empty, later ones to those that earlier waves leave; 0 is a circle,
    which needs one decree for all of its members (K7)."""

    person: str
    origin: str
    target: str
    wave: int
    reason: str


class WaveLine(Frozen):
    """One move of a wave, as the agency's proposal under this case."""

    case: str
    person: str
    vacancy: str
    reason: str
