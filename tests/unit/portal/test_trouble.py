"""The summary of what is wrong: it leads to the field, says each thing once, and has the focus without a script."""

from types import SimpleNamespace
from typing import Any

from services.portal.web import TEMPLATES
from services.portal.words import Words

PROBLEM = {"code": "REQUIRED", "detail": "Wajib <diisi>.", "mend": "Isi, lalu kirim lagi.", "where": "need-1"}


def _page(template: str, **values: object) -> str:
    words = Words("id")
    visit = SimpleNamespace(
        lang="id",
        session=None,
        user=SimpleNamespace(csrf="t"),
        here=lambda lang: f"?lang={lang}",
        portal=SimpleNamespace(doors=SimpleNamespace(brand="", brand_name="")),
    )
    given: dict[str, Any] = {"visit": visit, "say": words.say, "words": words, "key": "k", "note": "", **values}
    return TEMPLATES.get_template(template).render(given)


def _scenario(where: str) -> str:
    rows = [{"unit": f"u:{n}", "staff": 1, "need": None} for n in range(2)]
    places = {f"u:{n}": SimpleNamespace(name=f"Dinas {n}") for n in range(2)}
    plan = {"id": "p", "title": "Susunan"}
    problem = {**PROBLEM, "where": where}
    return _page("scenario_new.html.jinja", plan=plan, rows=rows, year=2026, places=places, fields={}, problem=problem)


def test_the_summary_has_the_focus_and_says_each_thing_once() -> None:
    html = _scenario("need-1")
    assert 'role="alert" tabindex="-1" autofocus' in html
    summary = html.partition('class="errors"')[2].partition("</div>")[0]
    assert summary.count("Wajib &lt;diisi&gt;.") == 1
    assert "Isi, lalu kirim lagi." in summary


def test_the_summary_leads_to_the_field_by_its_name() -> None:
    for where, label in (("need-1", "Kebutuhan"), ("seed", "Bilangan undian"), ("name", "Nama skenario")):
        html = _scenario(where)
        assert f'<a href="#{where}">{label}: Wajib' in html
        assert f'id="{where}"' in html
        assert f'id="{where}-error"' in html


def test_what_is_about_no_field_has_no_link() -> None:
    html = _scenario("scenario.needs")
    assert "Wajib &lt;diisi&gt;. Isi, lalu kirim lagi." in html
    assert 'href="#scenario' not in html


def test_a_new_plan_names_its_field() -> None:
    places = {"palu": SimpleNamespace(name="Palu")}
    problem = {**PROBLEM, "where": "title"}
    values = {"agency": "palu", "agencies": ["palu"], "places": places, "fields": {}, "problem": problem}
    assert '<a href="#title">Judul: Wajib' in _page("plan_new.html.jinja", **values)


def test_what_was_done_has_the_focus_too() -> None:
    html = _page("plan_new.html.jinja", agency="", agencies=[], places={}, fields={}, problem=None, note="Tersimpan.")
    assert 'role="status" tabindex="-1" autofocus' in html
    assert "autofocus" not in _page(
        "plan_new.html.jinja", agency="", agencies=[], places={}, fields={}, problem=None, note=""
    )


def test_who_is_signed_in_stands_above_the_menu() -> None:
    words = Words("id")
    session = SimpleNamespace(csrf="t", login="rina")
    visit: dict[str, Any] = {"lang": "id", "session": session, "user": session, "here": str}
    visit |= {"portal": {"doors": {"brand": "", "brand_name": ""}}, "request": {"url": {"path": "/"}}}
    given = {"visit": visit, "say": words.say, "words": words, "note": "", "at_desk": True, "watching": True}
    given["acting_for"] = []
    html = TEMPLATES.get_template("base.html.jinja").render(given)
    assert html.index('action="/keluar"') < html.index('class="masthead"') < html.index('class="menu"')
