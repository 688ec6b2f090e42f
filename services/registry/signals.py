"""The HTTP door of demand: complaints, surveys, disasters, and what a unit's series say."""

from typing import Annotated

from fastapi import APIRouter, Path

from services.registry import store
from services.registry.domain import DISASTERS, SIGNALS
from services.registry.domain.signals import (
    DeclareDisaster,
    MeasureService,
    Series,
    SurveyUnit,
    disaster_id,
    service_id,
    survey_id,
)
from shared.host.http import Caller, Json

router = APIRouter()
InPath = Annotated[str, Path(max_length=120)]


@router.post("/v1/signals/services", name="signal.service")
async def service(body: MeasureService, call: Caller) -> Json:
    """Complaints about a service in a month; again for the same month replaces them."""
    return await call.send(SIGNALS, service_id(body.agency, body.unit, body.service), body)


@router.post("/v1/signals/surveys", name="signal.survey")
async def survey(body: SurveyUnit, call: Caller) -> Json:
    """What the people of a unit answered, counted."""
    return await call.send(SIGNALS, survey_id(body.agency, body.unit), body)


@router.post("/v1/signals/disasters", name="signal.disaster")
async def disaster(body: DeclareDisaster, call: Caller) -> Json:
    """A disaster with the decree that declares it."""
    return await call.send(DISASTERS, disaster_id(body.agency, body.reference), body)


@router.get("/v1/units/{unit}/signals", name="signal.unit")
async def of_unit(unit: InPath, call: Caller) -> Json:
    """The months of a unit's services and surveys, and when a rise was told last."""
    await call.allow()
    rows = await store.of_unit(call.db, unit)
    items = [{"id": row["_id"], **SIGNALS.answer(Series.model_validate(row["state"]))} for row in rows]
    return Json({"unit": unit, "items": items})
