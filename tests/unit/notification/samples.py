"""One event of every kind that somebody is told of, and a decider run by hand."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from shared.contracts.adoption import ProposalAdopted
from shared.contracts.approval import (
    DecreeAmended,
    DecreeCorrected,
    DecreeIssued,
    DecreeRevoked,
    TaskEscalated,
    TaskQueued,
)
from shared.contracts.assignments import AssignmentEnded, AssignmentGiven, DebtsRemembered
from shared.contracts.broadcasts import BroadcastPage
from shared.contracts.contacts import ContactAdded, ContactTested
from shared.contracts.contest import ContestDecided, ContestEscalated, ProposalContested
from shared.contracts.corrections import (
    CorrectionAsked,
    CorrectionDelayed,
    CorrectionEscalated,
    CorrectionGranted,
    CorrectionRefused,
)
from shared.contracts.digests import DigestDue, DigestItem
from shared.contracts.evaluation import DatumAsked, EvaluationCompleted, Score
from shared.contracts.freed import SeatOffered
from shared.contracts.groups import GroupInvited, GroupMemberReleased
from shared.contracts.inaugurations import InaugurationSet
from shared.contracts.objections import ObjectionAnswered, ObjectionFiled, ObjectionUnanswered
from shared.contracts.overbooking import ProposalResumed, ProposalSuspended
from shared.contracts.papers import Paper
from shared.contracts.plan import PlanMoveTold
from shared.contracts.proposal import (
    Content,
    ProposalApproved,
    ProposalExpired,
    ProposalRefused,
    ProposalReturned,
    ProposalSubmitted,
    ProposalWithdrawn,
    ReapplyOffered,
)
from shared.contracts.quality import QualityTasksOpened
from shared.contracts.ranking import EvaluationRanked, RankingEscalated, RankingOffered, RankingPublished
from shared.contracts.registry import EmployeeMoved, OfficeAssigned, OfficeEnded, Placement, Profile
from shared.contracts.reviews import FollowUpOpened, ReviewAsked, ReviewDue
from shared.contracts.tasks import TaskQuestioned
from shared.contracts.training import TrainingDue, TrainingOverdue
from shared.contracts.voice import ConcernAnswered, ProposalAnnounced, TalkProposed
from shared.kernel.decider import Actor, Decider, Event, Fact, Facts, FactsMissing, Frozen, Message, Office

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
DAY = date(2026, 11, 24)
HERE = Placement(agency="a1", unit="u1", post="j1")
THERE = Placement(agency="a1", unit="u2", post="j2")
CONTENT = Content(
    initiative="own",
    person="p901",
    vacancy="v1",
    origin=HERE,
    target=THERE,
    purpose="tujuan",
    expected_result="hasil",
    reason="alasan",
)
PAPER = Paper(agency="a1", number="800/77", dated=DAY, received_on=DAY, stage="ppk", since=DAY)
PROFILE = Profile(
    employment="PNS",
    placement=THERE,
    post_since=DAY,
    rank="III/c",
    education_level="S1",
    education_field="kesehatan",
    retires_on=date(2050, 1, 1),
)
OBJECTION: dict[str, Any] = {"case": "c1", "decree": "d1", "objection": "o1", "person": "p901", "agency": "a1"}
ABOUT = {"case": "c1", "person": "p901", "attempt": 1}

RANKED: dict[str, Any] = {
    "vacancy": "c1",
    "version": 1,
    "quota": 1,
    "cutoff": 8125,
    "office": "head",
    "agency": "a1",
    "unit": "",
    "due": NOW,
}

ANNOUNCED = {
    "title_id": "Pemeliharaan sistem",
    "title_en": "Maintenance of the system",
    "text_id": "Portal ditutup pada Sabtu.",
    "text_en": "The portal is closed on Saturday.",
}
ITEMS = (
    DigestItem(message="m:7", template="evaluation.completed", page="cases/c1", values={"case": "c1"}, happened_at=NOW),
    DigestItem(message="m:8", template="talk.proposed", page="cases/c1", values={"case": "c1"}, happened_at=NOW),
)

EVENTS: tuple[Event, ...] = (
    ProposalSubmitted(case="c1", attempt=1, content=CONTENT, by="p901", receipt="R-901"),
    EvaluationCompleted(
        **ABOUT,
        vacancy="v1",
        eligible=False,
        findings=(),
        score=Score(total=4321, factors=()),
        ruleset="r1",
        snapshot="s1",
    ),
    TaskQueued(**ABOUT, task="t1", stage="unit", office="head", agency="a1", unit="u1", due=NOW),
    TaskEscalated(case="c1", person="p901", task="t1", stage="unit", office="head", agency="a1", unit="u1"),
    ProposalAnnounced(case="c1", person="p901", content=CONTENT, by="p902", benefit="rahasia", training="x", until=NOW),
    ConcernAnswered(case="c1", person="p901", concern=1, by="p902", answer="rahasia"),
    TalkProposed(case="c1", person="p901", talk=1, by="p902", on=DAY, about="rahasia"),
    TaskQuestioned(case="c1", person="p901", task="t1", by="p902", question="rahasia", days_left=3, until=NOW),
    ProposalReturned(**ABOUT, code="KURANG", reason="rahasia"),
    ProposalSuspended(**ABOUT, vacancy="v1", until=NOW),
    ProposalResumed(**ABOUT, vacancy="v1"),
    ProposalAdopted(case="c1", content=CONTENT, paper=PAPER, by="p904", batch="i:cases:1"),
    ProposalRefused(**ABOUT, stage="approval", codes=("MIN_STAF",), reason="rahasia"),
    ProposalApproved(case="c1", attempt=1, content=CONTENT),
    DecreeIssued(
        **ABOUT,
        decree="d1",
        agency="a1",
        year=2026,
        number=901,
        number_text="800/901/2026",
        origin=HERE,
        target=THERE,
        vacancy="v1",
        issued_on=DAY,
        effective_on=date(2026, 12, 1),
        signatory="p903",
        digest="0" * 64,
    ),
    InaugurationSet(case="c1", decree="d1", person="p901", n=1, held_on=DAY, place="Aula", by="p902"),
    DecreeRevoked(case="c1", decree="d1", code="RAHASIA", person="p901", revocation="d3", moved=True, effective_on=DAY),
    DecreeAmended(
        case="c1",
        decree="d1",
        amendment="d2",
        person="p901",
        agency="a1",
        year=2026,
        number=902,
        number_text="800/902/2026",
        issued_on=DAY,
        was_effective_on=date(2026, 12, 1),
        effective_on=date(2026, 12, 15),
        consequences=(),
        reason="rahasia",
        signatory="p903",
        by="p904",
        digest="0" * 64,
    ),
    DecreeCorrected(
        case="c1",
        decree="d1",
        person="p901",
        n=1,
        part="target_post",
        wrong="Penata",
        right="Penata Layanan",
        reason="rahasia",
        corrected_on=DAY,
        by="p904",
    ),
    ObjectionFiled(**OBJECTION, grounds="rahasia", filed_on=DAY, terms=(), due=NOW),
    ObjectionAnswered(**OBJECTION, outcome="rejected", reason="rahasia", by="p904", answered_on=DAY),
    ObjectionUnanswered(**OBJECTION, due=NOW, meaning="recorded"),
    EmployeeMoved(person="p901", profile=PROFILE, case="c1", decree="d1", left=HERE, effective_on=date(2026, 12, 1)),
    BroadcastPage(broadcast="b-1", page=0, persons=("p901", "p902"), **ANNOUNCED),
    DigestDue(digest="digest:p901:email", person="p901", channel="email", number=1, count=2, items=ITEMS),
    ProposalWithdrawn(**ABOUT, by="p901", reason="rahasia"),
    ProposalExpired(**ABOUT),
    ReapplyOffered(case="c1", person="p901", unit="u1"),
    AssignmentGiven(
        assignment="c1", person="p901", agency="a1", unit="u1", starts_on=DAY, ends_on=DAY, documents=("x",), due=NOW
    ),
    AssignmentEnded(assignment="c1", person="p901", cause="term", agency="a1", unit="u1"),
    DebtsRemembered(assignment="c1", person="p901", documents=("x",), due=NOW, overdue=True),
    GroupInvited(group="c1", person="p901", by="p902", until=NOW),
    GroupMemberReleased(group="c1", person="p901", code="MITRA_MUNDUR", alternatives=1),
    PlanMoveTold(
        plan="plan-1", case="c1", person="p901", agency="a1", title="Pemerataan", post="p1", reason="rahasia", until=NOW
    ),
    ContactAdded(person="p901", channel="telegram", contact="k1", n=1, digest="0" * 64, until=NOW),
    ContactTested(person="p901", channel="telegram", n=1),
    EvaluationRanked(**ABOUT, **RANKED, rank=1, size=2, score=8125),
    RankingPublished(**RANKED, placement=HERE, title="Pranata", tie_break=(), lines=()),
    RankingOffered(vacancy="v1", placement=HERE, case="c1", person="p901", rank=2, until=NOW),
    SeatOffered(vacancy="v1", case="c1", person="p901", attempt=1, until=NOW),
    DatumAsked(**ABOUT, data=("employee.under_process",), rules=("R13F",), office="head", agency="a1", unit=""),
    ProposalContested(**ABOUT, by="p901", reason="rahasia", office="head", agency="a1", unit="", until=NOW),
    ContestEscalated(**ABOUT, office="head", agency="a1", unit="", late=NOW, until=NOW),
    RankingEscalated(vacancy="c1", version=1, office="head", agency="a1", unit="", late=NOW, due=NOW),
    ContestDecided(**ABOUT, decision="uphold", by="p904", office="head", reason="rahasia"),
    ReviewDue(case="c1", person="p901", months=3, until=NOW),
    ReviewAsked(case="c1", person="p901", months=3, office="head", agency="a1", unit="u1", until=NOW),
    TrainingDue(case="c1", person="p901", until=date(2027, 6, 30), missing=("gis",)),
    TrainingOverdue(
        case="c1",
        person="p901",
        office="head",
        agency="a1",
        unit="u1",
        until=date(2027, 6, 30),
        missing=("gis",),
        at=NOW,
    ),
    FollowUpOpened(
        follow_up="f:c1:3",
        case="c1",
        person="p901",
        office="head",
        agency="a1",
        unit="u1",
        title="c1",
        months=3,
        verdict="partly",
        expected_result="-30 %",
        cases=("c1",),
        basis={},
    ),
    *(
        kind(
            person="p901", correction="c1", field="rank", agency="a1", reason="rahasia", rule="r", by="p9",
            decided_at=NOW,
        )
        for kind in (CorrectionGranted, CorrectionRefused)
    ),
    CorrectionAsked(
        person="p901", correction="c1", field="rank", office="head", agency="a1", unit="u1", asked_at=NOW, due=NOW
    ),
    CorrectionEscalated(
        person="p901", correction="c1", field="rank", office="head", superior="ppk", agency="a1", unit="u1", late=NOW,
        until=NOW,
    ),
    CorrectionDelayed(
        person="p901", correction="c1", field="rank", superior="ppk", agency="a1", late=NOW, until=NOW,
    ),
    QualityTasksOpened(agency="c1", unit="u1", office="head", indicators=("nip_unlikely",), count=1, on=DAY),
)  # fmt: skip
SAMPLES = {type(event).TYPE: event for event in EVENTS}


def task(number: int, person: str = "p901") -> TaskQueued:
    """A task of the desk head:a1:u1."""
    return TaskQueued(
        case=f"c{number}",
        task=f"t{number}",
        attempt=1,
        person=person,
        stage="unit",
        office="head",
        agency="a1",
        unit="u1",
        due=NOW,
    )


def seated(person: str, *, since: date | None, until: date | None = None) -> OfficeAssigned:
    """The person holds the office head:a1:u1 in that time; not at all without `since`."""
    office = Office(office="head", agency="a1", unit="u1", since=since or DAY, until=until)
    other = Office(office="ppk", agency="a1", since=DAY)
    kind = OfficeAssigned if since else OfficeEnded
    return kind(person=person, office=office, offices=(other, office) if since else (other,))


@dataclass
class Run:
    """One aggregate, told one message after another."""

    decider: Decider[Any]
    id: str
    said: list[Event] = field(default_factory=list)

    facts: dict[tuple[str, str], Fact | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.state: Any = self.decider.initial(self.id)

    def tell(
        self,
        body: Frozen,
        id: str = "e1",
        *,
        sequence: int = 1,
        time: datetime = NOW,
        actor: Actor | None = None,
    ) -> list[Event]:
        """Decide and evolve; what was said."""
        message = Message(body=body, id=id, time=time, actor=actor, source=id, sequence=sequence)
        events = self._decide(message)
        for event in events:
            self.state = self.decider.evolve(self.state, event)
        self.said += events
        return events

    def _decide(self, message: Message) -> list[Event]:
        """Facts that nobody gave are not known."""
        while True:
            try:
                return self.decider.decide(self.state, message, Facts(self.facts))
            except FactsMissing as missing:
                self.facts |= {(model.KIND, id): None for model, id in missing.refs}
