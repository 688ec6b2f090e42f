"""Writes the world as the registry's import files, and the accounts for the demo's identity provider."""

import csv
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from deploy.demo.people import Person
from deploy.demo.units import Post
from deploy.demo.world import TODAY, World
from shared.kernel.competence import COMMON

KINDS = ("agencies", "units", "posts", "people", "offices", "accounts", "workloads")
Row = Mapping[str, object]
_SYSTEM = "system"


def write(world: World, folder: Path) -> None:
    """One CSV per kind, and accounts.json."""
    folder.mkdir(parents=True, exist_ok=True)
    rows: dict[str, Iterable[Row]] = {
        "agencies": (a.model_dump(include={"agency", "name", "kind", "province", "zone"}) for a in world.agencies),
        "units": (
            {
                "agency": u.agency.agency,
                "unit": u.code,
                "name": u.name,
                "kind": u.kind.kind,
                "parent": u.parent,
            }
            for u in world.units
        ),
        "posts": map(_post, world.posts),
        "people": map(_person, world.people),
        "offices": (
            {"agency": o.agency, "nip": _nip(o.person), "office": o.office, "unit": o.unit, "since": o.since}
            for o in world.offices
        ),
        "accounts": ({"agency": a.agency, "nip": _nip(a.person), "login": a.login} for a in world.accounts),
        "workloads": (_workload(post) for post in world.posts if post.tasks),
    }
    for kind, found in rows.items():
        _write(folder / f"{kind}.csv", list(found))
    accounts = [{"login": account.login, "label": account.label} for account in world.accounts]
    (folder / "accounts.json").write_text(json.dumps(accounts, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _write(file: Path, rows: list[Row]) -> None:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _nip(person: Person | None) -> str:
    return person.nip if person else _SYSTEM


def _post(post: Post) -> Row:
    kind = post.kind
    return {
        "agency": post.unit.agency.agency,
        "unit": post.unit.code,
        "post": post.code,
        "title": post.title,
        "kind": kind.kind,
        "seats": post.seats,
        "retirement_age": kind.age,
        "rank_min": kind.ranks[0],
        "rank_max": kind.ranks[1],
        "education_min": kind.education,
        "education_fields": "|".join(kind.fields),
        "competences": _pairs(dict.fromkeys(COMMON, kind.level)),
        "experience_years": max(0, kind.level - 2),
        "experience_fields": "",
    }


def _workload(post: Post) -> Row:
    norms = post.kind.tasks
    return {
        "agency": post.unit.agency.agency,
        "post": post.code,
        "year": TODAY.year,
        "tasks": "|".join(f"{task}={volume}/year/{norms[task]}" for task, volume in post.tasks.items()),
    }


def _person(person: Person) -> Row:
    return {
        "agency": person.post.unit.agency.agency,
        "unit": person.post.unit.code,
        "post": person.post.code,
        "nip": person.nip,
        "name": person.name,
        "email": person.email,
        "language": "id",
        "birth_date": person.birth,
        "sex": "F" if person.woman else "M",
        "employment": person.employment,
        "status": person.status,
        "post_since": person.post_since,
        "rank": person.rank,
        "education_level": person.education,
        "education_field": person.education_field,
        "performance": _pairs(person.performance),
        "competences": _pairs(person.competences),
        "experience": _pairs(person.experience),
        "interests": "|".join(person.interests),
        "under_process": _answer(person.under_process),
        "study_assignment": _answer(person.study_assignment),
        "service_bond": _answer(person.service_bond),
        "relatives": "|".join(person.relatives),
    }


def _pairs(values: Mapping[str, object]) -> str:
    return "|".join(f"{name}={value}" for name, value in values.items())


def _answer(value: bool) -> str:
    return "yes" if value else "no"
