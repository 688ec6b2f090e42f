"""The kinds of move (jenis mutasi, PP 11/2017 ps 190(2)) and which one leads from one agency to another. Pure."""

from typing import Literal, NamedTuple

MoveKind = Literal["one_agency", "intra_province", "inter_province", "central_regional", "inter_central", "abroad"]
CENTRAL = frozenset({"ministry", "institution"})
MISSION = "mission"
"""Kind of agency of a representation abroad (perwakilan RI di luar negeri)."""


class Home(NamedTuple):
    """An agency as far as the kind of a move goes: its code, its kind, its province."""

    agency: str
    kind: str
    province: str


def kind_between(origin: Home, target: Home, central: frozenset[str] = CENTRAL) -> MoveKind:
    """The kind of a move from one agency to another; `central` are the kinds of agency of the centre (pusat)."""
    if origin.agency == target.agency:
        return "one_agency"
    if MISSION in (origin.kind, target.kind):
        return "abroad"
    centrals = (origin.kind in central) + (target.kind in central)
    if centrals:
        return "inter_central" if centrals == len((origin, target)) else "central_regional"
    return "intra_province" if origin.province == target.province else "inter_province"
