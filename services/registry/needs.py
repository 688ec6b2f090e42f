"""The HTTP door of workload analysis: record it, read it by post, unit and agency, and ask what would be."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field

from services.registry import store
from services.registry.domain import NEEDS, VACANCIES, workload
from services.registry.domain.ids import Code, post_id, vacancy_id
from services.registry.domain.needs import RecordWorkload, Tasks, Year, need_id
from services.registry.domain.norms import Norms, norms_of
from services.registry.domain.vacancies import Mode, PublishVacancy, Reference
from services.registry.domain.values import Day
from services.registry.domain.workload import Need, Post, Task
from shared.host.http import Caller, Json
from shared.kernel.decider import Frozen, Refused

router = APIRouter()
InPath = Annotated[int, Path(ge=2000, le=2100)]


class Change(Frozen):
    """What is different in a what-if: the staff of a post, or its tasks; what is left out stays."""

    post: str
    staff: Annotated[int, Field(ge=0, le=100_000)] | None = None
    tasks: Tasks | None = None


class WhatIf(Frozen):
    """What would be if posts were staffed or worked otherwise; nothing of it is saved."""

    year: Year
    changes: Annotated[tuple[Change, ...], Field(max_length=1000)]


@router.post("/v1/workloads", name="workload.record")
async def record(body: RecordWorkload, call: Caller) -> Json:
    """The tasks of a post in a year, all at once; recorded anew they replace what was recorded."""
    return await call.send(NEEDS, need_id(post_id(body.agency, body.post), body.year), body)


@router.get("/v1/posts/{post}/workload", name="workload.post")
async def of_post(post: str, call: Caller) -> Json:
    """The yearly series of one post, with the staff of today."""
    await call.allow()
    years = await store.analysed(call.db, "state.assessed.post", post)
    posts = {found.post: found for found in await store.seats(call.db, "_id", post)}
    if post not in posts:
        raise Refused("UNKNOWN_POST", status=404)
    return Json({"post": post, "years": [_year(year, posts[post], tasks) for _, year, tasks in years]})


@router.get("/v1/units/{unit}/workload/{year}", name="workload.unit")
async def of_unit(unit: str, year: InPath, call: Caller) -> Json:
    """Each post of a unit, and the unit; `missing` posts nobody analysed."""
    await call.allow()
    posts = await _posts(call.db, "unit", unit, year)
    return Json({"unit": unit, **_unit(posts, norms_of(year), shown=True)})


@router.get("/v1/agencies/{agency}/workload/{year}", name="workload.agency")
async def of_agency(agency: Code, year: InPath, call: Caller) -> Json:
    """Each unit of an agency, and KP1: how even the load is."""
    await call.allow()
    return Json({"agency": agency, **_agency(await _posts(call.db, "agency", agency, year), norms_of(year))})


@router.post("/v1/agencies/{agency}/workload/what-if", name="workload.what_if")
async def what_if(agency: Code, body: WhatIf, call: Caller) -> Json:
    """The agency as it is and as it would be; nothing is saved."""
    await call.allow()
    posts = await _posts(call.db, "agency", agency, body.year)
    known = {post.post for post in posts}
    for change in body.changes:
        if change.post not in known:
            raise Refused("UNKNOWN_POST", status=404, where=change.post)
    norms = norms_of(body.year)
    changed = {change.post: change.model_dump(exclude_none=True, exclude={"post"}) for change in body.changes}
    then = [Post.model_validate({**post.model_dump(), **changed.get(post.post, {})}) for post in posts]
    return Json({"agency": agency, "now": _agency(posts, norms), "then": _agency(then, norms)})


class Of(Frozen):
    """What the rule is asked about."""

    agency: str


class OfNeed(Frozen):
    """A vacancy for a shortage: the seats, the post and the purpose come from the need."""

    closes_on: Day
    mode: Mode = "first_come"
    reference: Reference = ""


@router.post("/v1/posts/{post}/vacancy", name="vacancy.of_need", status_code=201)
async def vacancy(post: str, body: OfNeed, call: Caller) -> Json:
    """Publish the vacancy that follows from the need of a post: as many seats as are short, and free."""
    agency = post.partition(":")[2].partition(":")[0]
    await call.allow(Of(agency=agency))
    years, raised = await store.analysed(call.db, "state.assessed.post", post), await store.raised(call.db, post)
    known = {found.post: found for found in await store.seats(call.db, "_id", post)}
    if post not in known:
        raise Refused("UNKNOWN_POST", status=404)
    short, basis = _short(known[post], years, raised)
    wanted = PublishVacancy(agency=agency, post=post, quota=short, purpose=basis, **body.model_dump())
    id = vacancy_id(agency, body.reference) if body.reference else call.new_id("v")
    return await call.send(VACANCIES, id, wanted)


def _short(post: Post, years: Sequence[tuple[str, int, tuple[Task, ...]]], raised: Sequence[str]) -> tuple[int, str]:
    """How many people are short, within the free seats, and why. Raises Refused without a shortage."""
    need = workload.need_of(post.model_copy(update={"tasks": years[-1][2]}), norms_of(years[-1][1])) if years else None
    wanted = need.need if need else post.seats if raised else 0
    short = min(wanted, post.seats) - post.staff
    if short < 1:
        raise Refused("NO_SHORTAGE", status=409, where="post")
    source = f"ABK {years[-1][1]}" if need else "Formasi"
    return short, "; ".join([f"{source}: kebutuhan {wanted}, pegawai {post.staff}", *raised])


async def _posts(db: store.Database, field: str, value: str, year: int) -> list[Post]:
    """The posts of a unit or an agency with their tasks of that year, in the order of their ids."""
    known = {post: tasks for post, at, tasks in await store.analysed(db, f"state.assessed.{field}", value, year)}
    posts = await store.seats(db, f"state.registered.{field}", value)
    return [post.model_copy(update={"tasks": known.get(post.post)}) for post in posts]


def _year(year: int, post: Post, tasks: tuple[Task, ...]) -> dict[str, Any]:
    need = workload.need_of(post.model_copy(update={"tasks": tasks}), norms_of(year))
    return {"year": year, "tasks": [task.model_dump(mode="json") for task in tasks], **_shown(need)}


def _agency(posts: Sequence[Post], norms: Norms) -> dict[str, Any]:
    units: dict[str, list[Post]] = {}
    for post in posts:
        units.setdefault(post.unit, []).append(post)
    needs = [workload.unit_need(own, norms) for own in units.values()]
    kp1 = workload.balance(needs)
    spread = workload.hundredths(kp1.spread) if kp1.spread is not None else None
    return {
        "units": [{"unit": unit, **_unit(own, norms)} for unit, own in units.items()],
        "kp1": {"gaps": kp1.gaps, "gini": workload.hundredths(kp1.gini), "spread": spread},
    }


def _unit(posts: Sequence[Post], norms: Norms, *, shown: bool = False) -> dict[str, Any]:
    rows = [
        {"post": post.post, "title": post.title, **_shown(workload.need_of(post, norms), post.staff)} for post in posts
    ]
    missing = sum(post.tasks is None for post in posts)
    whole = {**_shown(workload.unit_need(posts, norms)), "missing": missing, "source": norms.source}
    return {**whole, "posts": rows} if shown else whole


def _shown(need: Need | None, staff: int = 0) -> Mapping[str, Any]:
    """Load in hundredths of a minute, need and EJ in hundredths; null where nothing is known."""
    if need is None:
        return {"staff": staff, "load": None, "raw": None, "need": None, "gap": None, "ratio": None, "class": ""}
    return {
        "staff": need.staff,
        "load": workload.hundredths(need.load),
        "raw": workload.hundredths(need.raw),
        "need": need.need,
        "gap": need.gap,
        "ratio": workload.hundredths(need.ratio) if need.ratio is not None else None,
        "class": need.grade,
    }
