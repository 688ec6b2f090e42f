"""From a wish and the facts to what is proposed: origin and target are looked up, never taken on trust."""

from services.proposal.domain.commands import Wish
from services.proposal.domain.facts import Closure, Employee, Vacancy
from services.proposal.domain.turn import Occasion, Turn, sponsor
from shared.contracts.proposal import Content
from shared.contracts.registry import Placement
from shared.kernel.decider import Refused
from shared.kernel.move import MoveKind

WISHED = {"vacancy", "purpose", "expected_result", "reason", "consent"}


def compose(turn: Turn, wish: Wish, person: str, initiative: str) -> Content:
    """The content on today's facts, if whoever asks may. Raises as `settle`, and what `Turn.may_speak` raises."""
    turn.facts.want((Employee, person), (Vacancy, wish.vacancy), (Closure, wish.vacancy))
    origin, target = turn.facts.need(Employee, person).placement, turn.facts.need(Vacancy, wish.vacancy).placement
    turn.may_speak(initiative, person, sponsor(origin, target))
    return settle(turn, wish, person, initiative)


def settle(turn: Turn, wish: Wish, person: str, initiative: str, *, in_time: bool = False) -> Content:
    """The content on today's facts, whoever asks; `in_time` for who asked before the vacancy closed.

    Raises NotYet for a person, vacancy or agency nobody told yet, and Refused: USIA_BUP or STATUS_BUKAN_PNS
    (the person serves no more), NOT_OPEN_TO_OTHERS (the vacancy does not admit this kind of move), OWN_SEAT,
    VACANCY_CLOSED.
    """
    turn.facts.want((Employee, person), (Vacancy, wish.vacancy), (Closure, wish.vacancy))
    employee = turn.facts.need(Employee, person)
    origin = employee.placement
    if employee.gone:
        raise Refused(employee.gone, where="person")
    in_time = in_time or (turn.state.attempt > 0 and turn.state.vacancy == wish.vacancy)
    vacancy = open_vacancy(turn, wish.vacancy, in_time=in_time)
    move = admitted_to(turn, vacancy, origin)
    if vacancy.placement == origin:
        raise Refused("OWN_SEAT", where="vacancy")
    # Who was chosen keeps the seat while the file is mended; everybody else waits for the closing.
    awaits = vacancy.mode == "ranked" and turn.state.status != "returned"
    fixed = {"initiative": initiative, "person": person, "origin": origin, "target": vacancy.placement, "move": move}
    fixed |= {"awaits_ranking": awaits}
    return Content.model_validate({**wish.model_dump(include=WISHED), **fixed})


def admitted_to(turn: Occasion, vacancy: Vacancy, origin: Placement) -> MoveKind:
    """The kind of the move from there to the vacancy. Raises Refused NOT_OPEN_TO_OTHERS. Raises NotYet."""
    move = turn.kind_of_move(origin, vacancy.placement)
    if move not in vacancy.admits:
        raise Refused("NOT_OPEN_TO_OTHERS", where="vacancy", move=move, admits=", ".join(vacancy.admits))
    return move


def open_vacancy(turn: Occasion, id: str, *, in_time: bool = False) -> Vacancy:
    """The vacancy, open on its agency's day. Who was in time may mend the file after closing, but not a cancellation.

    Raises Refused VACANCY_CLOSED. Raises NotYet.
    """
    turn.facts.want((Vacancy, id), (Closure, id))
    vacancy, closure = turn.facts.need(Vacancy, id), turn.facts.get(Closure, id)
    cause = closure.cause if closure else ""
    if turn.today(vacancy.placement.agency) > vacancy.closes_on:
        cause = cause or "date"
    if cause == "cancelled" or (cause and not in_time):
        raise Refused("VACANCY_CLOSED", where="vacancy", cause=cause, closes_on=vacancy.closes_on.isoformat())
    return vacancy


def again(turn: Turn) -> Content:
    """What a group asked for its member, for another attempt: it is the group's, only its facts are looked at anew.

    Raises Refused: USIA_BUP, STATUS_BUKAN_PNS, SEAT_CHANGED, and what `Turn.may_speak` raises.
    """
    content = turn.state.wanted
    employee = turn.facts.need(Employee, content.person)
    turn.may_speak(content.initiative, content.person, content.origin)
    if employee.gone:
        raise Refused(employee.gone, where="person")
    if employee.placement != content.origin:
        raise Refused("SEAT_CHANGED", where="person")
    return content
