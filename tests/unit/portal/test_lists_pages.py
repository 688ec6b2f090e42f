"""The lists of a scenario on their pages: shown, checked, saved with the version that was seen; and what is refused."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import pytest

from services.portal.domain.facts import Place
from services.portal.domain.lists import PARTS
from services.portal.pages import drafting, lists
from services.portal.remote import Answer
from services.portal.web import TEMPLATES, Poster, Trouble
from services.portal.words import Words

SCENARIO: dict[str, Any] = {
    "needs": [{"unit": "u:asal", "need": 500}, {"unit": "u:tujuan", "need": 200}],
    "duties": [{"person": "p-1", "reason": "w", "must_move": False}],
    **{part.key: [] for part in PARTS.values()},
    "wishes": [{"person": "p-1", "posts": ["p:analis"]}],
}
PLAN = {"version": 4, "title": "Susunan", "status": "drafting", "chosen": ""}
PEOPLE = {"p-1": "Ani", "p-2": "Budi"}
PLACES = {"u:asal": "Dinas Asal", "u:tujuan": "Dinas Tujuan", "p:analis": "Analis", "p:arsip": "Arsiparis"}
PROBLEM = {"code": "VALIDATION", "detail": "Ada isian yang tidak sah.", "mend": "", "where": ""}


class Views:
    """What people and places are called."""

    async def places(self, ids: Iterable[str]) -> dict[str, Place]:
        return {id: Place(name=PLACES.get(id, id)) for id in ids if id}

    async def people(self, ids: Iterable[str]) -> dict[str, str]:
        return {id: PEOPLE[id] for id in ids if id in PEOPLE}


@dataclass
class Guest:
    """A visit over answers that are given."""

    fields: Mapping[str, str] = field(default_factory=dict)
    scenario: Mapping[str, Any] = field(default_factory=lambda: SCENARIO)
    plan: Mapping[str, Any] = field(default_factory=lambda: PLAN)
    track: Mapping[str, Any] = field(default_factory=lambda: {"status": "set", "faults": []})
    said: Answer = field(default_factory=lambda: Answer(200, {"id": "p"}))
    sent: list[tuple[Any, ...]] = field(default_factory=list)
    words: Words = field(default_factory=lambda: Words("id"))
    portal: Any = field(
        default_factory=lambda: SimpleNamespace(views=Views(), doors=SimpleNamespace(brand="", brand_name=""))
    )
    user: Any = field(default_factory=lambda: SimpleNamespace(csrf="t"))
    session: Any = None
    lang: str = "id"
    request: Any = field(default_factory=lambda: SimpleNamespace(url=SimpleNamespace(path="/rencana")))

    def here(self, lang: str) -> str:
        return f"?lang={lang}"

    async def ask(self, _service: str, path: str) -> Answer:
        if path.startswith("/v1/people"):
            people = [
                {"id": id, "particulars": {"name": name}, "profile": {"placement": {"post": "p:analis"}}}
                for id, name in PEOPLE.items()
            ]
            return Answer(200, {"items": people, "next": ""})
        if path.startswith("/v1/posts"):
            return Answer(200, {"items": [{"id": "p:arsip", "title": "Arsiparis"}], "next": ""})
        if "/result" in path:
            return Answer(409, {"detail": "jabatan p:analis tidak dikenal"})
        if "/scenarios/" in path:
            return Answer(200, self.scenario)
        return Answer(200, {**self.plan, "scenarios": {"dasar": self.track}})

    async def command(
        self, service: str, method: str, path: str, key: str, body: object = None, version: str = ""
    ) -> Answer:
        self.sent.append((service, method, path, key, body, version))
        return self.said

    async def go(self, path: str, note: str) -> tuple[str, str]:
        return path, note

    async def show(self, template: str, values: Mapping[str, Any], status: int = 200) -> tuple[int, str]:
        common = {
            "visit": self,
            "say": self.words.say,
            "words": self.words,
            "note": "",
            "at_desk": False,
            "watching": False,
            "acting_for": [],
        }
        return status, TEMPLATES.get_template(template).render(**common, **values)


async def page(call: Any, guest: Guest, slug: str = "minat") -> tuple[Any, str]:
    return cast("tuple[Any, str]", await call(cast("Poster", guest), "p", "dasar", slug))


def form(html: str, act: str) -> dict[str, str]:
    """The hidden fields of the form for that act."""
    for part in html.split("<form")[1:]:
        found = {m[1]: m[2] for m in re.finditer(r'type="hidden" name="([^"]+)" value="([^"]*)"', part)}
        if found.get("act") == act:
            return found
    raise AssertionError(act)


ROW = {"act": "add", "person": "p-2", "post": "p:arsip", "key": "k", "version": "4"}


async def test_a_row_is_checked_and_then_saved_with_the_version_that_was_seen() -> None:
    _, html = await page(lists.listed, Guest())
    assert "Minat: 1 baris" in html
    guest = Guest({**form(html, "add"), "person": "p-2", "post": "p:arsip"}, track={"status": "computed", "faults": []})
    status, checked = await page(lists.check, guest)
    assert (status, guest.sent) == (200, [])
    assert "<dd>Budi</dd>" in checked
    assert "harus dihitung ulang" in checked
    save = Guest(form(checked, "add"))
    path, _ = await page(lists.save, save)
    assert path == "/rencana/p/skenario/dasar/isian/minat"
    ((service, method, address, key, body, version),) = save.sent
    assert (service, method, address, version) == ("evaluation", "PUT", "/v1/plans/p/scenarios/dasar", "4")
    assert key
    assert body == {**SCENARIO, "wishes": [*SCENARIO["wishes"], {"person": "p-2", "posts": ["p:arsip"]}]}


async def test_a_row_is_removed_after_a_look() -> None:
    guest = Guest({"act": "remove", "row-0": "p-1 p:analis", "version": "4"})
    _, checked = await page(lists.check, guest)
    assert "Ani – Analis" in checked
    save = Guest(form(checked, "remove"))
    await page(lists.save, save)
    assert save.sent[0][4]["wishes"] == []


async def test_who_was_slower_reads_what_changed_and_writes_nothing_over() -> None:
    refused = Answer(412, {"code": "PRECONDITION_FAILED", "detail": "Data sudah berubah", "mend": ""})
    now = {**SCENARIO, "wishes": [{"person": "p-2", "posts": ["p:analis"]}]}
    guest = Guest({**ROW, "before": "p-1 p:analis"}, scenario=now, plan={**PLAN, "version": 5}, said=refused)
    status, html = await page(lists.save, guest)
    assert (status, guest.sent[0][-1]) == (412, "4")
    assert "Ditambahkan: Budi – Analis" in html
    assert "Dihapus: Ani – Analis" in html
    assert form(html, "add")["version"] == "5"
    assert re.search(r'value="p:arsip" selected', html)  # what was chosen is not lost
    still = Guest({**ROW, "before": "p-1 p:analis"}, said=refused)
    assert "Daftar ini tetap" in (await page(lists.save, still))[1]


async def test_a_form_without_a_version_never_writes_blindly() -> None:
    guest = Guest({name: said for name, said in ROW.items() if name != "version"})
    await page(lists.save, guest)
    assert guest.sent[0][-1] == "0"


async def test_what_the_evaluation_refuses_stands_at_its_field() -> None:
    errors = [{"pointer": "/fares/0/money", "detail": "Harus bilangan bulat."}]
    guest = Guest({"act": "add", "unit": "u:asal", "money": "banyak"}, said=Answer(422, {**PROBLEM, "errors": errors}))
    status, html = await page(lists.save, guest, "ongkos")
    assert status == 422
    assert re.search(r'<a href="#money">[^<]*Harus bilangan bulat', html)
    assert re.search(r'id="money-error">.*Harus bilangan bulat', html)
    assert 'value="banyak" aria-invalid="true"' in html
    assert guest.sent[0][4]["fares"] == [{"unit": "u:asal", "money": "banyak"}]


@pytest.mark.parametrize(("sent", "where"), [({"act": "add", "person": "p-1"}, "post"), ({"act": "remove"}, "row-0")])
async def test_an_answer_that_is_missing_is_said_before_anything_is_sent(sent: dict[str, str], where: str) -> None:
    for call in (lists.check, lists.save):
        guest = Guest(sent)
        status, html = await page(call, guest)
        assert (status, guest.sent) == (422, [])
        assert f'<a href="#{where}">' in html
        assert f'id="{where}-error"' in html


async def test_back_keeps_what_was_chosen_and_saves_nothing() -> None:
    guest = Guest({**ROW, "back": "yes"})
    status, html = await page(lists.save, guest)
    assert (status, guest.sent) == (200, [])
    assert re.search(r'value="p:arsip" selected', html)


async def test_rows_that_the_last_run_refused_are_marked() -> None:
    guest = Guest(track={"status": "failed", "faults": ["SEAT_UNKNOWN p:analis"]})
    _, html = await page(lists.listed, guest)
    assert "jabatan p:analis tidak dikenal" in html
    assert html.count("ditolak perhitungan terakhir") == 1


@pytest.mark.parametrize("plan", [{"status": "adopted"}, {"status": "consulting", "chosen": "dasar"}])
async def test_what_people_were_told_of_has_no_form(plan: dict[str, str]) -> None:
    _, html = await page(lists.listed, Guest(plan={**PLAN, **plan}))
    assert "Periksa baris ini" not in html
    assert "Ani" in html


async def test_all_lists_are_named_and_another_is_not_there() -> None:
    _, html = cast("tuple[int, str]", await lists.overview(cast("Poster", Guest()), "p", "dasar"))
    assert all(f"/isian/{slug}" in html for slug in PARTS)
    assert "1 baris" in html
    with pytest.raises(Trouble):
        await page(lists.listed, Guest(), "lain")


async def test_three_hundred_rows_are_one_table() -> None:
    many = [{"person": f"p-{n}", "posts": ["p:analis"]} for n in range(300)]
    _, html = await page(lists.listed, Guest(scenario={**SCENARIO, "wishes": many}))
    assert html.count('<th scope="row">') == 300
    assert "Minat: 300 baris" in html


async def test_a_new_scenario_is_never_written_over_one_that_came_meanwhile() -> None:
    fields = {"name": "baru", "unit-0": "u:asal", "need-0": "5", "gives-0": "yes", "reason": "w", "key": "k"}
    guest = Guest(fields)
    path, _ = cast("tuple[str, str]", await drafting.keep(cast("Poster", guest), "p"))
    ((_, _, address, _, body, version),) = guest.sent
    assert (path, address, version) == ("/rencana/p", "/v1/plans/p/scenarios/baru", "4")
    assert [duty["person"] for duty in body["duties"]] == list(PEOPLE)
