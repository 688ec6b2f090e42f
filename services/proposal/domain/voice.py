"""The voice of the civil servant (S16, J13, J14, B15): what must have been said before an agency's proposal goes on."""

from services.proposal.domain.commands import Agree, Announce, AnswerConcern, ConfirmTalk, ProposeTalk, RaiseConcern
from services.proposal.domain.spoken import Voice
from services.proposal.domain.turn import Turn, sponsor
from shared.contracts.proposal import Content
from shared.contracts.voice import (
    ConcernAnswered,
    ConcernRaised,
    ProposalAgreed,
    ProposalAnnounced,
    TalkConfirmed,
    TalkProposed,
)
from shared.kernel.decider import Event, Refused

SAID = 50


def announce(turn: Turn, command: Announce) -> list[Event]:
    """Tell the person. Only an office may, and only of the agency's own proposal."""
    state = turn.state
    if state.status != "draft" or state.wanted.initiative != "agency":
        raise Refused("WRONG_STATE", status_now=state.status)
    turn.may_speak("agency", state.person, sponsor(state.wanted.origin, state.wanted.target))
    return [told(turn, state.wanted, turn.actor.person, command.benefit, command.training)]


def told(turn: Turn, content: Content, by: str, benefit: str, training: str) -> ProposalAnnounced:
    """What the person is told, and how long they may speak at least."""
    agency = content.origin.agency
    until = turn.deadline(agency, turn.rules.consult_days(turn.today(agency)))
    about = {"case": turn.state.case, "person": content.person, "content": content}
    return ProposalAnnounced.model_validate(
        {**about, "by": by, "benefit": benefit, "training": training, "until": until}
    )


def agree(turn: Turn, _command: Agree) -> list[Event]:
    """The person agrees; saying it again says nothing."""
    voice = _heard(turn)
    _person(turn)
    return [] if voice.agreed else [ProposalAgreed(case=turn.state.case, by=turn.actor.person)]


def raise_concern(turn: Turn, command: RaiseConcern) -> list[Event]:
    """What worries the person."""
    voice = _heard(turn)
    _person(turn)
    _room(len(voice.concerns))
    told = {"case": turn.state.case, "concern": len(voice.concerns) + 1, "by": turn.actor.person}
    return [ConcernRaised.model_validate({**told, "text": command.text})]


def answer_concern(turn: Turn, command: AnswerConcern) -> list[Event]:
    """An office answers; an answer is given once."""
    voice, state = _heard(turn), turn.state
    turn.may_speak("agency", state.person, sponsor(state.wanted.origin, state.wanted.target))
    if not command.concern <= len(voice.concerns) or voice.concerns[command.concern - 1].answer:
        raise Refused("CONCERN_UNKNOWN", status=404, concern=command.concern)
    told = {"case": state.case, "person": state.person, "by": turn.actor.person}
    return [ConcernAnswered.model_validate({**told, **command.model_dump()})]


def propose_talk(turn: Turn, command: ProposeTalk) -> list[Event]:
    """Either side asks for a talk on a day."""
    voice, state = _heard(turn), turn.state
    _either(turn)
    _room(len(voice.talks))
    told = {"case": state.case, "person": state.person, "talk": len(voice.talks) + 1, "by": turn.actor.person}
    return [TalkProposed.model_validate({**told, **command.model_dump()})]


def confirm_talk(turn: Turn, command: ConfirmTalk) -> list[Event]:
    """Either side says that it was held, not before its day."""
    voice, state = _heard(turn), turn.state
    _either(turn)
    if not command.talk <= len(voice.talks):
        raise Refused("TALK_UNKNOWN", status=404, talk=command.talk)
    talk = voice.talks[command.talk - 1]
    if turn.today(state.wanted.origin.agency) < talk.on:
        raise Refused("TALK_AHEAD", on=talk.on.isoformat())
    done = talk.person if turn.actor.person == state.person else bool(talk.official)
    return [] if done else [TalkConfirmed(case=state.case, talk=command.talk, by=turn.actor.person)]


def must_be_heard(turn: Turn, content: Content) -> None:
    """The person's voice comes before the agency's proposal goes on.

    Raises Refused CONSULT_FIRST (not told, or of another seat), CONSENT_MISSING (between agencies the person must ask
    for it too: document c of BKN Regulation 5/2019), WINDOW_OPEN, CONCERNS_OPEN, TALK_NEEDED.
    """
    voice = turn.state.voice
    if content.initiative != "agency":
        return
    if voice is None or voice.target != content.target:
        raise Refused("CONSULT_FIRST")
    if content.move != "one_agency" and not voice.agreed:
        raise Refused("CONSENT_MISSING", status=422, where="consent")
    if not voice.agreed and turn.message.time <= voice.until:
        raise Refused("WINDOW_OPEN", until=voice.until.isoformat())
    if unanswered := [n for n, concern in enumerate(voice.concerns, 1) if not concern.answer]:
        raise Refused("CONCERNS_OPEN", concerns=unanswered)
    if not any(talk.held for talk in voice.talks):
        raise Refused("TALK_NEEDED")


def _heard(turn: Turn) -> Voice:
    voice = turn.state.voice
    if turn.state.status != "announced" or voice is None:
        raise Refused("WRONG_STATE", status_now=turn.state.status)
    return voice


def _person(turn: Turn) -> None:
    if turn.actor.person != turn.state.person:
        raise Refused("ONLY_THE_PERSON", status=403)


def _either(turn: Turn) -> None:
    if turn.actor.person != turn.state.person:
        turn.may_speak("agency", turn.state.person, sponsor(turn.state.wanted.origin, turn.state.wanted.target))


def _room(said: int) -> None:
    if said >= SAID:
        raise Refused("ENOUGH_SAID", limit=SAID)
