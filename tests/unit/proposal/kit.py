"""A small agency: Rina, her wish, and what the other services answer."""

from datetime import date

from services.proposal.deciders import load_rules
from services.proposal.domain import (
    Agency,
    Agree,
    Announce,
    Case,
    Closure,
    ConfirmTalk,
    Draft,
    Employee,
    ProposeTalk,
    Submit,
    Vacancy,
    Withdraw,
    make_cases,
)
from shared.contracts.approval import ApprovalGranted, ApprovalRefused, ApprovalReturned
from shared.contracts.evaluation import (
    EvaluationCompleted,
    EvaluationConfirmed,
    EvaluationOverturned,
    Finding,
    Score,
)
from shared.contracts.groups import GroupOrdered
from shared.contracts.papers import Paper, PaperFiled, PaperWithdrawn, PaperWord
from shared.contracts.plan import (
    PlanWavePublished,
)
from shared.contracts.proposal import Content, SeatRefused, SeatReserved
from shared.contracts.registry import EmployeeMoved, EmployeeMoveRefused, Placement, Profile
from shared.contracts.scenario import (
    WaveLine,
)
from shared.kernel.decider import Actor, Fact, FactChanged, Office
from tests.unit.proposal.bench import Bench

ORIGIN = Placement(agency="palu", unit="setda", post="analis")
TARGET = Placement(agency="palu", unit="disdukcapil", post="pranata")
CASES = make_cases(load_rules())


def actor(person: str, *offices: Office) -> Actor:
    """Somebody signed in."""
    return Actor(login=f"login-{person}", person=person, offices=offices)


def office(name: str, unit: str = "", agency: str = "palu") -> Office:
    """An office held since long ago."""
    return Office(office=name, agency=agency, unit=unit, since=date(2020, 1, 1))


RINA = actor("p-rina")
HEAD = actor("p-head", office("unit_head", "setda"))
VERIFIER = actor("p-verifier", office("personnel_verifier"))
WAVE = PlanWavePublished(
    plan="plan-1",
    wave=1,
    lines=(
        WaveLine(case="c-2", person="p-dian", vacancy="v-1", reason="Pengaduan naik"),
        WaveLine(case="c-1", person="p-rina", vacancy="v-1", reason="Pengaduan naik"),
    ),
    purpose="pemerataan",
    expected_result="antrean turun",
    benefit="dekat rumah",
    training="aplikasi kependudukan",
    by="p-ppk",
)
PAPER = Paper(
    agency="palu",
    number="800/77/BKPSDM/2026",
    dated=date(2026, 11, 2),
    received_on=date(2026, 11, 3),
    stage="personnel_verifier",
    since=date(2026, 11, 17),
    holder="p-verifier",
    words=(PaperWord(stage="unit_head", by="p-head", on=date(2026, 11, 16)),),
)
FILED = PaperFiled(
    case="c-1",
    person="p-rina",
    vacancy="v-1",
    paper=PAPER,
    initiative="own",
    purpose="pemerataan",
    expected_result="antrean turun",
    reason="pengalaman",
    consent=True,
    by="p-registrar",
    batch="i:cases:1",
)
TAKEN_BACK = PaperWithdrawn(case="c-1", person="p-rina", by="p-registrar", batch="i:cases:1")
ORDER = GroupOrdered(
    group="c",
    case="c-1",
    content=Content(
        initiative="agency",
        person="p-rina",
        vacancy="",
        origin=ORIGIN,
        target=TARGET,
        purpose="pemerataan",
        expected_result="antrean turun",
        reason="Pengaduan naik",
        group="c",
        partners=("p-dian",),
    ),
    by="p-ppk",
    benefit="dekat rumah",
    training="aplikasi kependudukan",
)


def facts() -> dict[tuple[type[Fact], str], Fact]:
    """Rina at the secretariat, a vacancy at the registry office, the agency in WITA."""
    return {
        (Employee, "p-rina"): Employee(status="active", placement=ORIGIN),
        (Vacancy, "v-1"): Vacancy(placement=TARGET, closes_on=date(2026, 12, 31)),
        (Agency, "palu"): Agency(zone="WITA"),
    }


def bench() -> Bench[Case]:
    """A case nobody has touched."""
    return Bench(CASES, "c-1", facts())


def wish(**changes: object) -> Draft:
    """An own request for the vacancy, with consent."""
    said = {"purpose": "melayani", "expected_result": "antrean turun", "reason": "minat", "consent": True}
    return Draft.model_validate({"vacancy": "v-1", **said, **changes})


def submitted() -> Bench[Case]:
    """A case at its first attempt."""
    case = bench()
    case.tell(wish(), RINA)
    case.tell(Submit(), RINA)
    return case


def announced() -> Bench[Case]:
    """An agency's proposal of which Rina was told."""
    case = bench()
    case.tell(wish(initiative="agency", person="p-rina", consent=False), HEAD)
    case.tell(Announce(benefit="pengalaman", training="tiga hari"), HEAD)
    return case


def heard() -> Bench[Case]:
    """An agency's proposal that may go on: Rina agreed, and the talk was held."""
    return _spoken(announced())


def waiting() -> Bench[Case]:
    """A member of an exchange that the agency orders: Rina was heard, and an office handed it in."""
    case = bench()
    case.tell(ORDER)
    _spoken(case)
    case.tell(Submit(), HEAD)
    return case


def _spoken(case: Bench[Case]) -> Bench[Case]:
    case.tell(ProposeTalk(on=date(2026, 11, 23), about="tugas baru"), HEAD)
    for who in (HEAD, RINA):
        case.tell(ConfirmTalk(talk=1), who)
    case.tell(Agree(), RINA)
    return case


def approved() -> Bench[Case]:
    """A case that nobody withdraws any more."""
    case = submitted()
    for answer in (granted(), confirmed(), reserved()):
        case.tell(answer)
    return case


def finding(code: str, outcome: str = "not_met", hard: bool = True) -> Finding:
    """One rule of an evaluation."""
    return Finding.model_validate(
        {
            "rule": f"rule.{code}",
            "outcome": outcome,
            "code": code,
            "citation": "x",
            "certainty": "S",
            "hard": hard,
        }
    )


def evaluated(attempt: int = 1, eligible: bool = True, *findings: Finding) -> EvaluationCompleted:
    """The evaluation of an attempt."""
    return EvaluationCompleted(
        case="c-1",
        attempt=attempt,
        person="p-rina",
        vacancy="v-1",
        eligible=eligible,
        findings=findings,
        score=Score(total=8000, factors=()),
        ruleset="r",
        snapshot="s",
    )


def confirmed(attempt: int = 1) -> EvaluationConfirmed:
    """The re-check holds."""
    return EvaluationConfirmed(case="c-1", attempt=attempt, snapshot="s")


def overturned(attempt: int = 1) -> EvaluationOverturned:
    """The re-check does not hold."""
    return EvaluationOverturned(case="c-1", attempt=attempt, findings=(finding("PROSES_DISIPLIN"),), snapshot="s")


def granted(attempt: int = 1) -> ApprovalGranted:
    """The chain is through."""
    return ApprovalGranted(case="c-1", attempt=attempt)


def chain_refused(attempt: int = 1) -> ApprovalRefused:
    """The chain said no."""
    return ApprovalRefused(case="c-1", attempt=attempt, code="ANGGARAN", reason="tidak ada anggaran")


def chain_returned(attempt: int = 1) -> ApprovalReturned:
    """The chain sent the file back."""
    return ApprovalReturned(case="c-1", attempt=attempt, code="BERKAS_TIDAK_LENGKAP", reason="SK pangkat")


def reserved(attempt: int = 1) -> SeatReserved:
    """A seat is held."""
    return SeatReserved(vacancy="v-1", case="c-1", attempt=attempt)


def seat_refused(attempt: int = 1) -> SeatRefused:
    """No seat is left."""
    return SeatRefused(vacancy="v-1", case="c-1", attempt=attempt, code="FORMASI_PENUH")


def moved() -> EmployeeMoved:
    """The person sits on the new seat."""
    profile = Profile(
        employment="PNS",
        placement=TARGET,
        post_since=date(2027, 1, 1),
        rank="III/c",
        education_level="40",
        education_field="x",
        retires_on=date(2048, 4, 1),
    )
    return EmployeeMoved(
        person="p-rina",
        profile=profile,
        case="c-1",
        decree="sk-c-1-1",
        left=ORIGIN,
        effective_on=date(2027, 1, 1),
    )


def move_refused() -> EmployeeMoveRefused:
    """On its day the move was not possible."""
    return EmployeeMoveRefused(person="p-rina", case="c-1", decree="sk-c-1-1", code="JABATAN_DIHAPUS")


def changed(kind: type[Fact], id: str) -> FactChanged:
    """A fact of the open case changed."""
    return FactChanged(kind=kind.KIND, id=id)


def withdraw() -> Withdraw:
    """Taken back."""
    return Withdraw(reason="alasan keluarga")


def die(case: Bench[Case]) -> FactChanged:
    """Let the registry's news reach the bench."""
    case.facts[Employee.KIND, "p-rina"] = Employee(status="dead", placement=ORIGIN)
    return changed(Employee, "p-rina")


def cancel(case: Bench[Case]) -> FactChanged:
    """Let the vacancy be cancelled."""
    case.facts[Closure.KIND, "v-1"] = Closure(cause="cancelled")
    return changed(Closure, "v-1")
