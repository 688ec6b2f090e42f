"""dr. Yusuf's way from one agency to another: the facts, an official for each stage, and the letters."""

from datetime import date
from hashlib import sha256
from typing import Any

from services.approval.domain import Agency, Case, Claim, Decide, Employee, Grant, Proposal, Register, make_decrees
from services.approval.domain.letters import Entered
from shared.contracts.approval import ApprovalGranted, DecreeIssued, DecreeWithheld
from shared.contracts.proposal import Content, ProposalApproved
from shared.contracts.registry import Placement
from shared.contracts.stages import Letter
from shared.kernel.decider import Actor, Event, Fact
from shared.kernel.move import MoveKind
from tests.unit.approval.kit import AUTHORITIES, CASES, NUMBERING, evaluation
from tests.unit.proposal.bench import Bench
from tests.unit.proposal.kit import actor, office

AGENCIES = {
    "sigi": Agency(zone="WITA", province="Sulawesi Tengah"),
    "palu": Agency(zone="WITA", province="Sulawesi Tengah"),
    "surakarta": Agency(zone="WIB", province="Jawa Tengah"),
    "bkn": Agency(zone="WIB", province="DKI Jakarta"),
    "lan": Agency(zone="WIB", province="DKI Jakarta"),
    "kbri": Agency(zone="WIB", province=""),
}
WAYS: dict[MoveKind, tuple[str, str]] = {
    "intra_province": ("sigi", "palu"),
    "inter_province": ("sigi", "surakarta"),
    "central_regional": ("sigi", "bkn"),
    "inter_central": ("bkn", "lan"),
    "abroad": ("lan", "kbri"),
}
TODAY = date(2026, 11, 23)
FILE = sha256(b"surat").hexdigest()


def content(kind: MoveKind) -> Content:
    """What is asked for: a seat of the other agency."""
    origin, target = WAYS[kind]
    return Content(
        initiative="own",
        person="p-yusuf",
        vacancy="v-1",
        origin=Placement(agency=origin, unit="u-asal", post="dokter"),
        target=Placement(agency=target, unit="u-tuju", post="dokter"),
        purpose="melayani",
        expected_result="antrean turun",
        reason="keluarga",
        consent=True,
        move=kind,
    )


def opened(kind: MoveKind) -> Bench[Case]:
    """The case with its first task waiting."""
    facts: dict[tuple[type[Fact], str], Fact] = {(Agency, code): agency for code, agency in AGENCIES.items()}
    facts[Employee, "p-yusuf"] = Employee()
    facts[Proposal, "c-1"] = Proposal(attempt=1, content=content(kind), receipt="MT-1")
    case = Bench(CASES, "c-1", facts)
    case.tell(evaluation())
    return case


def official(case: Bench[Case]) -> Actor:
    """Whoever holds the office whose turn it is; the same person for all tasks of one office."""
    waiting = case.state.task
    assert waiting is not None
    place = (waiting.office, waiting.unit, waiting.agency)
    return actor(f"p-{'-'.join(place)}", office(*place))


def letter(case: Bench[Case], **changes: object) -> dict[str, Any] | None:
    """The letter that the stage asks for."""
    waiting = case.state.task
    assert waiting is not None
    stage = case.state.stage(waiting.stage)
    if stage.letter is None:
        return None
    said = {"number": f"800/{stage.id}", "dated": TODAY, "sha256": FILE, "issuer": stage.issuer}
    return Entered.model_validate(said | changes).model_dump(mode="json")


def say(case: Bench[Case], who: Actor | None = None, **said: object) -> list[Event]:
    """The official whose turn it is claims and decides."""
    assert case.state.task is not None
    id, me = case.state.task.task, who or official(case)
    case.tell(Claim(task=id), me)
    body = {"decision": "approve", "task": id, "letter": letter(case), **said}
    return case.tell(Decide.model_validate(body), me)


def to(case: Bench[Case], stage: str) -> Bench[Case]:
    """All stages before this one say yes."""
    while case.state.task is not None and case.state.task.stage != stage:
        say(case)
    return case


def granted(kind: MoveKind) -> ApprovalGranted:
    """The whole chain said yes."""
    case = to(opened(kind), "")
    assert isinstance(case.said[-1], ApprovalGranted)
    return case.said[-1]


def decree(kind: MoveKind, grant: ApprovalGranted, **changes: object) -> DecreeIssued | DecreeWithheld:
    """What the register of the receiving agency says to it."""
    facts: dict[tuple[type[Fact], str], Fact] = {(Agency, code): agency for code, agency in AGENCIES.items()}
    said = grant.model_dump(include=set(Grant.model_fields)) | changes
    facts[Grant, "sk-c-1-1"] = Grant.model_validate(said)
    target = WAYS[kind][1]
    register: Bench[Register] = Bench(make_decrees(NUMBERING, AUTHORITIES), f"decrees:{target}", facts)
    (event,) = register.tell(ProposalApproved(case="c-1", attempt=1, content=content(kind)))
    assert isinstance(event, DecreeIssued | DecreeWithheld)
    return event


def without(letters: tuple[Letter, ...], kind: str) -> tuple[Letter, ...]:
    """All letters but that one."""
    return tuple(letter for letter in letters if letter.kind != kind)
