"""Random lives of two groups that share two people: whatever crosses or comes twice, all or none."""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from services.proposal.deciders import CASES
from services.proposal.domain import Submit
from shared.contracts.approval import ApprovalRefused, ApprovalReturned
from shared.contracts.evaluation import EvaluationOverturned
from shared.contracts.groups import GroupApproved, GroupEnded, GroupMemberReleased
from shared.contracts.proposal import ProposalApproved, ProposalRefused, ProposalWithdrawn
from tests.unit.proposal.circle import PEOPLE, Circle, P, Q
from tests.unit.proposal.kit import finding, withdraw

GROUPS = {"g-1": PEOPLE, "g-2": (Q, P)}
MEMBERS = st.sampled_from(
    [(group, n, person) for group, people in GROUPS.items() for n, person in enumerate(people, 1)]
)


class Exchanges(RuleBasedStateMachine):
    """The real deciders of cases and groups, by the routes of the service; only the order is invented."""

    def __init__(self) -> None:
        super().__init__()
        self.circle = Circle()

    @initialize()
    def two_groups(self) -> None:
        for group, people in GROUPS.items():
            self.circle.formed(people, group=group)

    @precondition(lambda self: self.circle.waiting())
    @rule(data=st.data(), again=st.booleans())
    def deliver(self, data: st.DataObject, again: bool) -> None:
        self.circle.deliver(data.draw(st.sampled_from(self.circle.waiting())), again=again)

    @rule(group=st.sampled_from(sorted(GROUPS)))
    def all_answered(self, group: str) -> None:
        """Every chain of a group is through and it has heard so: its questions are on their way."""
        self.circle.settle()
        for number in range(1, len(GROUPS[group]) + 1):
            self.circle.answered(number, group)
        for way in self.circle.waiting():
            if way[1] == group:
                self.circle.deliver(way)

    @rule(member=MEMBERS)
    def answered(self, member: tuple[str, int, str]) -> None:
        self.circle.answered(member[1], member[0])

    @rule(member=MEMBERS)
    def withdraws(self, member: tuple[str, int, str]) -> None:
        self.circle.ask(CASES, f"{member[0]}-{member[1]}", withdraw(), member[2])

    @rule(member=MEMBERS)
    def hands_in_again(self, member: tuple[str, int, str]) -> None:
        self.circle.ask(CASES, f"{member[0]}-{member[1]}", Submit(), member[2])

    @rule(member=MEMBERS, kind=st.sampled_from(["overturned", "refused", "returned"]))
    def an_official_or_a_rule(self, member: tuple[str, int, str], kind: str) -> None:
        case = f"{member[0]}-{member[1]}"
        attempt = self.circle.state(CASES, case).attempt
        if not attempt:
            return
        said = {
            "overturned": EvaluationOverturned(case=case, attempt=attempt, findings=(finding("X"),), snapshot="s"),
            "refused": ApprovalRefused(case=case, attempt=attempt, code="ANGGARAN", reason="r"),
            "returned": ApprovalReturned(case=case, attempt=attempt, code="X", reason="r"),
        }
        # The chain does not come back to what it granted.
        if kind == "overturned" or not self.circle.state(CASES, case).granted:
            self.circle.tell(CASES, case, said[kind])

    @invariant()
    def approved_only_by_all_and_never_ended_too(self) -> None:
        said = self.circle.said
        for group, people in GROUPS.items():
            approved = [event for event in said if isinstance(event, GroupApproved) and event.group == group]
            ended = [event for event in said if isinstance(event, GroupEnded) and event.group == group]
            assert len(approved) + len(ended) <= 1
            bound = {event.case for event in said if isinstance(event, ProposalApproved)}
            if approved:
                assert bound >= {f"{group}-{n}" for n in range(1, len(people) + 1)}

    @invariant()
    def one_open_case_per_person(self) -> None:
        cases = [self.circle.case(n, group) for group, people in GROUPS.items() for n in range(1, len(people) + 1)]
        opened = [case.person for case in cases if case.open]
        assert len(opened) == len(set(opened))

    def teardown(self) -> None:
        """Everything arrives: a group is approved with all cases, or over with none, and each of the others knows."""
        self.circle.settle()
        for group, people in GROUPS.items():
            statuses = {self.circle.case(n, group).status for n in range(1, len(people) + 1)}
            match self.circle.group(group).status:
                case "approved":
                    assert statuses == {"approved"}
                case "ended":
                    assert statuses <= {"refused", "withdrawn"}
                    self._each_heard(group, people)
                case "running":
                    assert statuses <= {"submitted", "returned"}
                case other:
                    assert other == "inviting", other

    def _each_heard(self, group: str, people: tuple[str, ...]) -> None:
        said, left = self.circle.said, self.circle.group(group).left
        told = {event.person for event in said if isinstance(event, GroupMemberReleased) and event.group == group}
        assert told == set(people) - {left}
        over = {event.case for event in said if isinstance(event, ProposalRefused | ProposalWithdrawn)}
        assert over >= {f"{group}-{n}" for n in range(1, len(people) + 1)}


TestExchanges = Exchanges.TestCase
TestExchanges.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
