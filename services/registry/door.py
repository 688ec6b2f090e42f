"""The public door: a record of `mutasi.agency.<code>` becomes an offered vacancy or a change of one, or all reasons
against it.

Pure: called by the second subscriber of the registry for every record; it never raises. CloudEvents 1.0 in
binary and structured mode. The broker's ACL proves the sender: only the agency's own program may write to its
topic.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from services.registry.domain import DOORS, VACANCIES
from services.registry.domain.changes import Act, AmendVacancy, AskChange
from services.registry.domain.ids import door_id, vacancy_id
from services.registry.domain.offers import RefuseOffer
from services.registry.domain.texts import rule_of
from services.registry.domain.vacancies import OfferVacancy, PublishVacancy
from services.registry.policy import DOOR
from shared.kernel.decider import Actor, Command, Decider
from shared.runtime.ports import Record
from shared.runtime.service import DoorCommand

PATTERN = r"mutasi\.agency\.[^.]+$"
"""Topics of the door; a looser pattern would read its own refusals."""
OFFERED = "mutasi.vacancy.offered.v1"
CHANGES: Mapping[str, Act] = {
    "mutasi.vacancy.amendment_asked.v1": "amend",
    "mutasi.vacancy.closing_asked.v1": "close",
    "mutasi.vacancy.cancellation_asked.v1": "cancel",
}
M = TypeVar("M", bound=Command)
_TOPIC = re.compile(r"mutasi\.agency\.([a-z0-9-]+)")
_LARGEST = 256 * 1024  # bytes of a record: an offer needs one of them
_LONGEST = 200  # characters of a CloudEvents id
_STRUCTURED = "application/cloudevents+json"


class _Unfit(Exception):
    def __init__(self, *reasons: tuple[str, str]) -> None:
        super().__init__(str(reasons))
        self.reasons = reasons


@dataclass(frozen=True, slots=True)
class _CloudEvent:
    """The attributes as told, and the JSON text of the data."""

    attributes: Mapping[str, str]
    data: bytes


def offered(record: Record) -> DoorCommand | None:
    """The command for a record; None for a topic that is no agency's door."""
    topic = _TOPIC.fullmatch(record.topic)
    if topic is None:
        return None
    agency, place = topic[1], f"{record.topic}-{record.partition}-{record.offset}"
    offer, reference = place, ""
    try:
        event = _cloud_event(record)
        offer = _offer_id(event.attributes, place)
        _known(event.attributes)
        reference = _reference(event.data)
        act = CHANGES.get(event.attributes["type"])
        wanted = _vacancy(event.data, agency) if act is None else _change(event.data, agency, offer, act)
    except _Unfit as unfit:
        refusal = RefuseOffer(agency=agency, offer=offer, reference=reference, reasons=unfit.reasons)
        return _to(DOORS, door_id(agency, offer), refusal, agency, offer)
    command = wanted if isinstance(wanted, AskChange) else OfferVacancy(agency=agency, offer=offer, vacancy=wanted)
    return _to(VACANCIES, vacancy_id(agency, wanted.reference), command, agency, offer)


def _to(decider: Decider[Any], aggregate: str, command: Command, agency: str, offer: str) -> DoorCommand:
    login = f"agency:{agency}"
    return DoorCommand(decider, aggregate, command, Actor(login=login), f"{login}:{offer}", DOOR)


def _cloud_event(record: Record) -> _CloudEvent:
    if record.value is None:
        raise _Unfit(("data", "EMPTY_RECORD"))
    if len(record.value) > _LARGEST:
        raise _Unfit(("data", "RECORD_TOO_LARGE"))
    try:
        headers = {name.lower(): value.decode() for name, value in record.headers}
    except UnicodeDecodeError:
        raise _Unfit(("headers", "BAD_ENCODING")) from None
    if headers.get("content-type", "").partition(";")[0].strip().lower() != _STRUCTURED:
        found = {name[3:]: value for name, value in headers.items() if name.startswith("ce_")}
        return _CloudEvent(found, record.value)
    whole = _json(record.value)
    found = {name: value for name, value in whole.items() if isinstance(value, str)}
    return _CloudEvent(found, json.dumps(whole.get("data")).encode("utf-8", "replace"))


def _json(raw: bytes) -> dict[str, Any]:
    try:
        found = json.loads(raw.decode())
    except UnicodeDecodeError:
        raise _Unfit(("data", "BAD_ENCODING")) from None
    except (ValueError, RecursionError):
        raise _Unfit(("data", "BAD_JSON")) from None
    if not isinstance(found, dict):
        raise _Unfit(("data", "BAD_JSON"))
    return found


def _offer_id(attributes: Mapping[str, str], place: str) -> str:
    """The sender's id of the event, else the place of the record."""
    id = attributes.get("id", "")
    return id if 0 < len(id) <= _LONGEST and id.isprintable() else place


def _known(attributes: Mapping[str, str]) -> None:
    """Raises _Unfit with every attribute that is missing or not known."""
    wanting = [(name, "REQUIRED") for name in ("id", "source", "type", "specversion") if not attributes.get(name)]
    if attributes.get("specversion") not in (None, "", "1.0"):
        wanting.append(("specversion", "UNKNOWN_VERSION"))
    if attributes.get("type") not in (None, "", OFFERED, *CHANGES):
        wanting.append(("type", "UNKNOWN_TYPE"))
    if attributes.get("id") and _offer_id(attributes, "") == "":
        wanting.append(("id", "BAD_FORM"))
    if wanting:
        raise _Unfit(*wanting)


def _reference(data: bytes) -> str:
    """The agency's own reference, so that it finds its refusal again."""
    found = _json(data).get("reference")
    return found[:120].encode(errors="replace").decode() if isinstance(found, str) else ""


def _vacancy(data: bytes, agency: str) -> PublishVacancy:
    reasons = _misaddressed(_json(data), agency)
    return _valid(PublishVacancy, data, reasons)


def _change(data: bytes, agency: str, offer: str, act: Act) -> AskChange:
    """Only what the act takes: a closing or a cancellation names the vacancy and the reason."""
    found = _json(data)
    try:
        json.dumps(found, ensure_ascii=False).encode()
    except UnicodeEncodeError:  # half a character, which no event could tell again
        raise _Unfit(("data", "BAD_ENCODING")) from None
    reasons = _misaddressed(found, agency)
    body = {name: value for name, value in found.items() if name not in ("agency", "reference")}
    taken = AmendVacancy.model_fields if act == "amend" else ("reason",)
    reasons += [(name, "BAD_FORM") for name in body if name not in taken]
    wanted = _valid(AmendVacancy, json.dumps(body).encode("utf-8", "replace"), reasons)
    return AskChange(agency=agency, offer=offer, reference=str(found["reference"]).strip(), act=act, wanted=wanted)


def _misaddressed(found: Mapping[str, Any], agency: str) -> list[tuple[str, str]]:
    """What is wrong with whose vacancy it is, and which."""
    reasons = [] if found.get("agency") in (None, agency) else [("agency", "WRONG_SENDER")]
    reference = found.get("reference")
    if not isinstance(reference, str) or not reference.strip():
        reasons.append(("reference", "REQUIRED"))
    return reasons


def _valid(shape: type[M], data: bytes, reasons: list[tuple[str, str]]) -> M:
    """The data in that shape. Raises _Unfit with these reasons and all that the shape finds."""
    try:
        wanted = shape.model_validate_json(data, strict=True)
    except ValidationError as error:
        found = [(".".join(map(str, fault["loc"])) or "data", rule_of(fault["type"])) for fault in error.errors()]
        raise _Unfit(*dict.fromkeys([*reasons, *found])) from None
    if reasons:
        raise _Unfit(*reasons)
    return wanted
