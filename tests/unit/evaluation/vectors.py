"""Vectors worked by hand for the rules of the move and of entry: rule -> (what is seen, outcome). All are invented.

Rina was born in March 1990 (her post's holders retire at 60: 2050-04-01), serves as a functional III/c since
2023-05-02, and is looked at on 2026-11-23.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from services.evaluation.domain.facts import Region, Seen, Vacancy
from shared.contracts.registry import Placement
from tests.unit.evaluation.cases import SEAT, demanding, seen

PALU = Region(kind="kota", province="Sulawesi Tengah")
SIGI = Region(kind="kabupaten", province="Sulawesi Tengah")
MISSION = Region(kind="mission", province="")
SURAKARTA = Region(kind="kota", province="Jawa Tengah")
MINISTRY = Region(kind="ministry", province="")


class Vector(NamedTuple):
    """One look at a rule: what is seen, what it must say, and why."""

    seen: Seen
    outcome: str
    why: str


def seat(**values: object) -> Vacancy:
    """Rina's seat with other data than its demands."""
    return SEAT.model_copy(update=values)


def at(agency: str) -> Vacancy:
    """Her seat in another agency."""
    return seat(placement=Placement(agency=agency, unit="u", post="p"))


def known(what: Seen, **regions: Region) -> Seen:
    """What is seen, with these agencies known."""
    return what.model_copy(update={"regions": regions})


def wish(what: Seen, initiative: str) -> Seen:
    """What is seen, of a proposal by this initiative."""
    return what.model_copy(update={"initiative": initiative})


def official(kind: str, on: date = date(2026, 11, 23), **profile: Any) -> Seen:
    """Rina before an official's post of that kind."""
    return seen(on, seat(post_kind=kind), **profile)


def aged(retires_on: date, **profile: object) -> Seen:
    """Somebody of staff before a functional post up to III/d; the post held retires at 58."""
    who: Any = {"post_kind": "staff", "retires_on": retires_on, **profile}
    return seen(**who).model_copy(update={"retirement_age": 58})


def outsider(**profile: Any) -> Seen:
    """Rina before her seat in Jawa Timur."""
    return seen(vacancy=at("jatim"), **profile)


def ageless(retires_on: date) -> Seen:
    """The same where nobody told at which age holders of the post held retire."""
    return outsider(retires_on=retires_on).model_copy(update={"retirement_age": None})


GAP = {"public_service": 3, "communication": 3}

VECTORS: Mapping[str, tuple[Vector, ...]] = {
    "R01": (
        Vector(seen(), "met", "one agency"),
        Vector(known(seen(vacancy=at("sigi")), palu=PALU, sigi=SIGI), "met", "one province"),
        Vector(known(seen(vacancy=at("ska")), palu=PALU, ska=SURAKARTA), "met", "two provinces"),
        Vector(known(seen(vacancy=at("min")), palu=PALU, min=MINISTRY), "met", "to the centre"),
        Vector(known(seen(vacancy=at("kbri")), palu=PALU, kbri=MISSION), "not_met", "abroad"),
        Vector(known(seen(vacancy=at("sigi")), palu=PALU), "unknown", "nobody told what Sigi is"),
    ),
    "R03-MAX": (
        Vector(seen(post_since=date(2021, 11, 23)), "met", "five years today"),
        Vector(seen(post_since=date(2021, 11, 22)), "not_met", "five years and a day"),
    ),
    "R03-OFFICIAL": (
        Vector(seen(post_kind="supervisor", post_since=date(2024, 11, 23)), "met", "24 months today"),
        Vector(seen(post_kind="supervisor", post_since=date(2024, 11, 24)), "not_met", "a day short"),
        Vector(seen(post_kind="jpt_pratama", post_since=date(2026, 5, 23)), "met", "six months today"),
        Vector(seen(), "not_applicable", "no official"),
        Vector(seen(post_kind=""), "unknown", "kind of post not told"),
    ),
    "R17": (
        Vector(known(official("supervisor", date(2025, 8, 20)), palu=PALU), "met", "six months after, from that day"),
        Vector(known(official("supervisor", date(2025, 8, 19)), palu=PALU), "not_met", "the day before"),
        Vector(known(official("supervisor", date(2025, 7, 20)), palu=PALU), "not_met", "E23: inaugurated 5 months ago"),
        Vector(known(official("supervisor", date(2024, 3, 22)), palu=PALU), "not_met", "first day of the ban"),
        Vector(known(official("supervisor", date(2024, 3, 21)), palu=PALU), "met", "the day before the ban"),
        Vector(known(seen(date(2025, 7, 20)), palu=PALU), "not_applicable", "E23: no official"),
        Vector(known(official("supervisor", date(2025, 7, 20)), palu=MINISTRY), "not_applicable", "the centre"),
        Vector(official("supervisor", date(2025, 7, 20)), "unknown", "centre or region is not told"),
        Vector(official("supervisor"), "met", "no election near, wherever it is"),
    ),
    "R18-JATIM-AGE": (
        Vector(outsider(), "met", "36"),
        Vector(outsider(retires_on=date(2046, 1, 1)), "met", "born in December 1985: 40"),
        Vector(outsider(retires_on=date(2045, 12, 1)), "unknown", "born in November 1985: 40 or 41"),
        Vector(outsider(retires_on=date(2045, 11, 1)), "not_met", "born in October 1985: 41"),
        Vector(outsider(retires_on=date(2045, 11, 1), education_field="nursing"), "not_applicable", "health"),
        Vector(seen(), "not_applicable", "inside the agency"),
        Vector(ageless(date(2060, 4, 1)), "met", "36 even if the post's holders retire at 70"),
        Vector(ageless(date(2050, 4, 1)), "unknown", "34 if they retire at 58, 46 if at 70"),
        Vector(ageless(date(2043, 4, 1)), "not_met", "41 even if they retire at 58"),
    ),
    "R18-JATIM-GRADE": (
        Vector(outsider(), "met", "III/c itself"),
        Vector(outsider(rank="III/d"), "not_met", "one above"),
        Vector(outsider(rank="III/d", education_field="education"), "not_applicable", "teacher"),
        Vector(outsider(rank="?"), "unknown", "grade not told"),
    ),
    "R19": (
        Vector(wish(seen(committed_until=date(2026, 11, 22)), "own"), "met", "over since today"),
        Vector(wish(seen(committed_until=date(2026, 11, 23)), "own"), "not_met", "the last day"),
        Vector(wish(seen(committed_until=date(2030, 1, 1)), "agency"), "not_applicable", "a duty move"),
        Vector(seen(), "not_applicable", "no promise"),
        Vector(seen(committed_until=date(2030, 1, 1)), "unknown", "whose wish it is was not told"),
    ),
    "R21": (
        Vector(official("supervisor"), "met", "S-1, twelve years"),
        Vector(official("supervisor", education_level="25"), "not_met", "D-II"),
        Vector(official("supervisor", experience=({"field": "policy", "years": 3},)), "not_met", "three of four years"),
        Vector(official("supervisor", experience=({"field": "policy", "years": 4},)), "met", "four of four"),
        Vector(official("administrator", experience=()), "met", "42 months in post are three years"),
        Vector(official("supervisor", experience=()), "unknown", "three years in post, nothing on record before"),
        Vector(official("jpt_pratama", retires_on=date(2029, 11, 1)), "not_met", "born in October 1969: 57"),
        Vector(official("jpt_pratama", retires_on=date(2029, 12, 1)), "unknown", "born in November 1969: 56 or 57"),
        Vector(official("jpt_pratama", retires_on=date(2030, 11, 1)), "met", "56"),
        Vector(official("supervisor", post_kind="administrator"), "not_applicable", "a step down"),
    ),
    "R22": (
        Vector(aged(date(2031, 1, 1)), "met", "53 until December"),
        Vector(aged(date(2030, 1, 1)), "not_met", "54"),
        Vector(aged(date(2030, 12, 1)), "unknown", "53 or 54: born in November 1972, the day is not known"),
        Vector(aged(date(2045, 1, 1), experience=(), post_since=date(2025, 1, 1)), "unknown", "one year on record"),
        Vector(seen(), "not_applicable", "from a functional post"),
    ),
    "R30": (
        Vector(seen(), "met", "one level wanting"),
        Vector(seen(competences={**GAP, "population_records": 1}), "not_met", "two levels"),
        Vector(seen(competences=GAP), "unknown", "one was not assessed"),
        Vector(seen(vacancy=demanding(competences={})), "not_applicable", "nothing asked"),
    ),
    "R32": (
        Vector(official("supervisor", potential="high"), "met", "meets, high: box 8"),
        Vector(official("supervisor", potential="mid"), "not_met", "meets, middle: box 5"),
        Vector(official("supervisor", potential="mid", performance={"2025": "very_good"}), "met", "box 7 itself"),
        Vector(official("supervisor", talent_box=7), "met", "mapped as box 7"),
        Vector(official("supervisor", talent_box=6, potential="high"), "not_met", "the mapping goes before"),
        Vector(official("supervisor"), "unknown", "potential not told"),
        Vector(official("supervisor", potential="high", performance={}), "unknown", "not rated"),
        Vector(seen(), "not_applicable", "no official's post"),
    ),
    "R52-STEP": (
        Vector(official("supervisor", post_kind="supervisor"), "met", "level"),
        Vector(official("supervisor", post_kind="administrator"), "not_met", "one step down"),
        Vector(official("staff", post_kind="supervisor"), "not_met", "to staff"),
        Vector(seen(post_kind="administrator"), "not_applicable", "to a functional post"),
        Vector(seen(post_kind=""), "unknown", "kind of post not told"),
    ),
}

BY_HAND: Mapping[str, str] = {
    "BUP": "test_retirement",
    "COMPETENCE": "test_job_person_match",
    "COMPETENCE-FULL": "test_job_person_match",
    "EDU": "test_education_level",
    "EDU-FIELD": "test_education_field",
    "EXPERIENCE": "test_experience",
    "R03-MIN": "test_tenure",
    "R03-USUAL": "test_tenure",
    "R05": "test_conflict_of_interest",
    "R05-DECIDER": "test_conflict_of_interest",
    "R13F": "test_declarations",
    "R13H": "test_performance",
    "R13I-BOND": "test_declarations",
    "R13I-STUDY": "test_declarations",
    "R20": "test_contract",
    "RANK": "test_rank",
    "STATUS": "test_employment",
    "STATUS-LEGAL": "test_legal_status",
}
"""The other rules, with the test of test_predicates.py that holds their vectors."""
