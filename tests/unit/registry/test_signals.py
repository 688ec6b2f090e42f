"""Demand: a complaint rise, a strained unit and a disaster are told as a need with its basis."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.registry.domain import DISASTERS, NEEDS, SIGNALS
from services.registry.domain.needs import RecordWorkload, need_id
from services.registry.domain.signals import (
    DeclareDisaster,
    MeasureService,
    SurveyUnit,
    disaster_id,
    service_id,
    survey_id,
)
from shared.contracts.need import NeedAssessed
from shared.contracts.signals import DisasterDeclared, ServiceMeasured, UnitSurveyed
from shared.kernel.decider import NotYet, Refused
from tests.unit.registry.shelf import Shelf, join, seat, town

POST = seat("disdukcapil", "analyst").post
MONTHS = [f"{year}-{month:02}" for year in (2025, 2026) for month in range(1, 13)][:22]  # up to October 2026


def complain(shelf: Shelf, month: str, complaints: int, **more: object) -> None:
    """What was counted in a month."""
    whole = {"agency": "palu", "unit": "disdukcapil", "service": "ktp", "month": month, "complaints": complaints}
    command = MeasureService.model_validate({**whole, "post": "disdukcapil-analyst", **more})
    shelf.send(SIGNALS, service_id("palu", "disdukcapil", "ktp"), command)


def told(shelf: Shelf) -> list[NeedAssessed]:
    """Needs that a signal told."""
    return [event for event in shelf.of(NeedAssessed) if event.signal]


def usual(shelf: Shelf) -> None:
    """Twenty months as they always are."""
    for place, month in enumerate(MONTHS[:20]):
        complain(shelf, month, 40 + place % 3)


def test_a_complaint_rise_is_told_once_with_what_the_analysis_says_of_the_post() -> None:
    shelf = town()
    join(shelf, unit="disdukcapil", code="analyst")
    task = {"name": "Perekaman", "volume": 70, "period": "day", "minutes": "20"}
    analysis = {"agency": "palu", "post": "disdukcapil-analyst", "year": 2026, "tasks": [task]}
    shelf.send(NEEDS, need_id(POST, 2026), RecordWorkload.model_validate(analysis))
    usual(shelf)
    assert not told(shelf)
    complain(shelf, MONTHS[20], 96)
    (need,) = told(shelf)
    assert (need.post, need.unit, need.basis, need.year) == (POST, "u:palu:disdukcapil", "complaints", 2026)
    assert (need.need, need.have, need.gap) == (5, 1, -4)
    assert need.signal
    assert (need.signal.service, need.signal.months, need.signal.observed) == ("ktp", ("2026-09",), 96)
    assert 4000 <= need.signal.expected <= 4200
    complain(shelf, MONTHS[21], 97)
    assert len(told(shelf)) == 1


def test_without_an_analysis_the_seats_are_the_need() -> None:
    shelf = town()
    usual(shelf)
    complain(shelf, MONTHS[20], 96)
    assert [(need.need, need.have, need.gap) for need in told(shelf)] == [(3, 0, -3)]


def test_the_same_again_says_nothing_and_a_correction_of_the_past_raises_nothing() -> None:
    shelf = town()
    usual(shelf)
    count = len(shelf.of(ServiceMeasured))
    usual(shelf)
    assert len(shelf.of(ServiceMeasured)) == count
    complain(shelf, MONTHS[5], 400)
    assert len(shelf.of(ServiceMeasured)) == count + 1
    assert not told(shelf)


def survey(shelf: Shelf, month: str, **counts: object) -> None:
    """A survey of the unit."""
    command = SurveyUnit.model_validate({"agency": "palu", "unit": "setda", "month": month, **counts})
    shelf.send(SIGNALS, survey_id("palu", "setda"), command)


def test_strain_that_rises_is_told_for_the_unit() -> None:
    shelf = town()
    for month in MONTHS[:20]:
        survey(shelf, month, answers=40, strained=8, low_morale=5)
    survey(shelf, MONTHS[20], answers=40, strained=31, low_morale=5)
    (need,) = told(shelf)
    assert (need.key, need.post, need.basis, need.need) == ("u:palu:setda", "", "strained", 0)
    assert shelf.of(UnitSurveyed)[-1].strained == 31


def refused(shelf: Shelf, month: str, **counts: object) -> str:
    """The code of a refused survey."""
    with pytest.raises(Refused) as caught:
        survey(shelf, month, **counts)
    return caught.value.code


def test_what_is_refused() -> None:
    shelf = town()
    assert refused(shelf, "2026-10", answers=4, strained=1) == "TOO_FEW_ANSWERS"
    assert refused(shelf, "2026-12", answers=40) == "MONTH_TO_COME"
    assert refused(shelf, "2026-10", answers=40, strained=41) == "MORE_THAN_ANSWERED"
    with pytest.raises(ValidationError):
        complain(shelf, "2026-13", 4)
    with pytest.raises(ValidationError):
        complain(shelf, "2026-10", -1)
    with pytest.raises(Refused, match="WRONG_UNIT"):
        complain(shelf, "2026-10", 1, post="setda-analyst")
    with pytest.raises(NotYet):
        complain(shelf, "2026-10", 1, unit="none", post=None)


def disaster(**values: Any) -> DeclareDisaster:
    """The flood."""
    whole = {"agency": "palu", "reference": "banjir", "name": "Banjir", "status": "emergency", "decree": "360/412"}
    return DeclareDisaster.model_validate({**whole, "since": "2026-10-03", "units": ["setda"], **values})


def test_a_disaster_names_its_decree_and_each_unit_once() -> None:
    shelf, id = town(), disaster_id("palu", "banjir")
    shelf.send(DISASTERS, id, disaster())
    shelf.send(DISASTERS, id, disaster())
    shelf.send(DISASTERS, id, disaster(status="transition", units=["setda", "disdukcapil"]))
    assert [event.status for event in shelf.of(DisasterDeclared)] == ["emergency", "transition"]
    assert [(need.unit, need.basis, need.source) for need in told(shelf)] == [
        ("u:palu:setda", "disaster", "360/412"),
        ("u:palu:disdukcapil", "disaster", "360/412"),
    ]
    with pytest.raises(Refused, match="BAD_PERIOD"):
        shelf.send(DISASTERS, id, disaster(until="2026-10-03"))
    with pytest.raises(ValidationError):
        disaster(decree=" ")
