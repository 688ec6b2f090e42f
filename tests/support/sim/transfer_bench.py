"""The two chains a town may have, and who sits where: the real K1, and a short one whose stages may also return."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from services.approval.deciders import CASES, DECREES, PACKAGED, load
from services.approval.domain import make_cases, make_decrees
from services.approval.domain.chain import Chain, Chains, Stage
from shared.kernel.decider import Decider

BACK, KIND, DAY = "BERKAS_TIDAK_LENGKAP", "one_agency", date(2026, 2, 1)
_FIRST, _SECOND = ("chief1-a", "chief1-b", "both", "asn-3"), ("chief2-a", "both")
RELATIVES: Mapping[str, tuple[str, ...]] = {"asn-2": ("chief1-b",), "both": ("asn-1",)}
"""Told once from the applicant's side, once from the official's."""


@dataclass(frozen=True, slots=True)
class Bench:
    """A chain, the deciders that follow it, and who holds which office: an applicant is an official too, and one person
    holds several offices of the chain. The first holder of each has no part in any case."""

    chain: Chain
    deciders: Mapping[str, Decider[Any]]
    holders: Mapping[str, tuple[str, ...]]

    def stage(self, id: str) -> Stage:
        """The stage of that id."""
        return next(stage for stage in self.chain.stages if stage.id == id)

    @property
    def of_unit(self) -> tuple[str, ...]:
        """Offices that are held for a unit, not for the whole agency."""
        return tuple(stage.office for stage in self.chain.stages if stage.scope.endswith("unit"))


def _short() -> Bench:
    chains, numbering, authorities = load(Path(__file__).parents[1] / "chains")
    chain = chains.on(KIND, DAY)
    stages = tuple(stage.model_copy(update={"give_back": (BACK,)}) for stage in chain.stages)
    chain = chain.model_copy(update={"stages": stages})
    made = make_cases(Chains(chains=(chain,))), make_decrees(numbering, authorities)
    return Bench(chain, {one.name: one for one in made}, {"chief1": _FIRST, "chief2": _SECOND})


SHORT = _short()
K1 = Bench(
    load(PACKAGED)[0].on(KIND, DAY),
    {one.name: one for one in (CASES, DECREES)},
    {
        "direct_superior": _FIRST,
        "unit_head": _SECOND,
        "personnel_verifier": ("verifier",),
        "performance_team": ("team",),
        "bkn_liaison": ("liaison",),
        "ppk": ("ppk", "both"),
    },
)
