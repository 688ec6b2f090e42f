"""Who may be in a group, and what it asks for each member on the facts of the day. Pure."""

from collections.abc import Collection, Sequence

from services.proposal.domain.compose import admitted_to, open_vacancy
from services.proposal.domain.facts import Employee
from services.proposal.domain.groups.commands import OpenGroup
from services.proposal.domain.groups.state import Group, Member, case_in, evolve
from services.proposal.domain.turn import Occasion
from shared.contracts.groups import GroupFile, GroupInvited, GroupOpened, GroupOrdered
from shared.contracts.plan import PlanCirclesPublished
from shared.contracts.proposal import Content
from shared.contracts.registry import Placement
from shared.kernel.decider import Event, Refused

Places = tuple[Placement, ...]


def admitted(turn: Occasion, command: OpenGroup) -> tuple[Places, Places]:
    """Where each one sits and where they go.

    Raises Refused: NOT_A_MEMBER (neither a member nor an office of one's agency), and what `arranged` raises.
    """
    origins, targets = arranged(turn, command.people, command.vacancy)
    if turn.actor.person not in command.people and not any(turn.proposes(origin) for origin in origins):
        raise Refused("NOT_A_MEMBER", status=403)
    return origins, targets


def arranged(turn: Occasion, people: Sequence[str], vacancy: str) -> tuple[Places, Places]:
    """Where each one of a new group sits and where they go.

    Raises Refused: TWICE_IN_GROUP, GROUP_TOO_LONG, and what `seats` raises. Raises NotYet for people, agencies and
    vacancies nobody told yet.
    """
    if len(set(people)) < len(people):
        raise Refused("TWICE_IN_GROUP", status=422, where="people")
    longest = turn.rules.group.longest
    if len(people) > longest:
        raise Refused("GROUP_TOO_LONG", status=422, where="people", longest=longest)
    return seats(turn, people, vacancy)


def opening(
    turn: Occasion, group: str, by: str, command: OpenGroup, places: tuple[Places, Places], asked: Collection[str]
) -> list[Event]:
    """Open it and ask these members. Who opens it has not agreed yet: that takes their own consent."""
    origins, targets = places
    until = turn.deadline(origins[0].agency, turn.rules.group.working_days)
    said = {"group": group, "by": by, "origins": origins, "targets": targets, "until": until}
    opened = GroupOpened.model_validate({**command.model_dump(), **said})
    return [opened, *(GroupInvited(group=group, person=person, by=by, until=until) for person in asked)]


def circle(turn: Occasion, group: str, event: PlanCirclesPublished) -> list[Event]:
    """Open a circle of an adopted plan: volunteers are asked, who is on duty gets a case to be told and heard by.

    Raises Refused SEAT_CHANGED and what `arranged` raises.
    """
    found = next(circle for circle in event.circles if circle.group == group)
    places = arranged(turn, found.people, "")
    if tuple(place.post for place in places[1]) != found.posts:
        raise Refused("SEAT_CHANGED", where="people")
    orders = {person: reason for person, reason in zip(found.people, found.orders, strict=False) if reason}
    command = OpenGroup(people=found.people, purpose=event.purpose, expected_result=event.expected_result)
    asked = [person for person in found.people if person not in orders]
    opened = opening(turn, group, event.by, command, places, asked)
    about = event.model_dump(include={"by", "benefit", "training"})
    after = evolve(Group(group=group), opened[0])
    ordered = [
        GroupOrdered(
            group=group, case=case_in(group, number), content=_content(turn, after, number, reason=reason), **about
        )
        for number, person in enumerate(found.people, 1)
        if (reason := orders.get(person))
    ]
    return [*opened, *ordered]


def seats(turn: Occasion, people: Sequence[str], vacancy: str) -> tuple[Places, Places]:
    """Where each one sits and where they go.

    Raises Refused: USIA_BUP, STATUS_BUKAN_PNS, OWN_SEAT (two of them hold the same post), MODE_NOT_SUPPORTED (a vacancy
    given by ranking), VACANCY_CLOSED, NOT_OPEN_TO_OTHERS (it does not admit this kind of move). Raises NotYet.
    """
    turn.facts.want(*((Employee, person) for person in people))
    employees = [turn.facts.need(Employee, person) for person in people]
    for employee in employees:
        if employee.gone:
            raise Refused(employee.gone, where="people")
    origins = tuple(employee.placement for employee in employees)
    ahead = (*origins[1:], origins[0])
    if vacancy:
        offered = open_vacancy(turn, vacancy)
        if offered.mode == "ranked":
            raise Refused("MODE_NOT_SUPPORTED", where="vacancy", mode=offered.mode)
        admitted_to(turn, offered, origins[0])
        ahead = (offered.placement, *origins[:-1])
    if any(origin == target for origin, target in zip(origins, ahead, strict=True)):
        raise Refused("OWN_SEAT", where="people")
    return origins, ahead


def files(turn: Occasion, group: Group, members: Sequence[Member]) -> tuple[GroupFile, ...]:
    """The case of each member with what the group asks for them.

    Raises Refused as `seats` does, and SEAT_CHANGED when these are not the seats that they agreed to.
    """
    people = [member.person for member in members]
    origins, targets = seats(turn, people, group.vacancy)
    if (origins, targets) != (tuple(one.origin for one in members), tuple(one.target for one in members)):
        raise Refused("SEAT_CHANGED", where="people")
    return tuple(
        GroupFile(
            case=case_in(group.group, number),
            attempt=1,
            content=member.content
            or _content(turn, group, number, initiative="own", reason=member.reason, consent=True),
        )
        for number, member in enumerate(members, 1)
    )


def _content(turn: Occasion, group: Group, number: int, **said: object) -> Content:
    """What is proposed for the member of that number, from 1; the agency's own proposal unless said otherwise."""
    member = group.members[number - 1]
    about = {
        "initiative": "agency",
        "person": member.person,
        "vacancy": group.vacancy if number == 1 else "",
        "origin": member.origin,
        "target": member.target,
        "move": turn.kind_of_move(member.origin, member.target),
        "group": group.group,
        "partners": tuple(person for person in group.people if person != member.person),
    }
    wish = group.model_dump(include={"purpose", "expected_result"})
    return Content.model_validate({**about, **wish, **said})
