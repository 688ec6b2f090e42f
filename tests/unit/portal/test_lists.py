"""The lists of a scenario: rows for a table, and the scenario with or without some of them."""

from typing import Any

from services.portal.domain.lists import PARTS, added, changed, faulty, field_of, key, missing, removed, row_of, rows

WISHES = [{"person": "a", "posts": ["p:1", "p:2"]}, {"person": "b", "posts": []}]
SCENARIO: dict[str, Any] = {
    "needs": [{"unit": "u:1", "need": 100}],
    "wishes": WISHES,
    "couples": [{"one": "a", "other": "b"}],
    "apart": [],
    "forbidden": [{"person": "a", "post": "p:9"}],
    "locks": [],
    "points": [{"person": "a", "post": "p:1", "points": 7}],
    "fares": [{"unit": "u:1", "money": 5, "distance": 0}],
    "seed": 7,
}


def test_nothing_but_the_list_changes_and_each_row_comes_back() -> None:
    for part in PARTS.values():
        assert removed(SCENARIO, part, []) == SCENARIO, part.key
        assert removed(SCENARIO, part, [key(row, part) for row in rows(SCENARIO, part)]) == {**SCENARIO, part.key: []}


def test_a_new_wish_is_the_last_of_its_person() -> None:
    part = PARTS["minat"]
    assert added(SCENARIO, part, {"person": "a", "post": "p:3"})["wishes"][0]["posts"] == ["p:1", "p:2", "p:3"]
    assert added(SCENARIO, part, {"person": "b", "post": "p:1"})["wishes"][1] == {"person": "b", "posts": ["p:1"]}
    assert removed(SCENARIO, part, ["a p:1"])["wishes"][0] == {"person": "a", "posts": ["p:2"]}


def test_a_row_about_the_same_takes_the_place_of_the_one_before() -> None:
    fare = row_of({"unit": "u:1", "money": "9", "distance": "12"}, PARTS["ongkos"])
    assert added(SCENARIO, PARTS["ongkos"], fare)["fares"] == [{"unit": "u:1", "money": 9, "distance": 12}]
    points = row_of({"person": "a", "post": "p:2", "points": "3"}, PARTS["prioritas"])
    assert len(added(SCENARIO, PARTS["prioritas"], points)["points"]) == 2


def test_what_is_no_number_is_left_to_the_evaluation() -> None:
    fare = row_of({"unit": "u:2", "money": "banyak"}, PARTS["ongkos"])
    assert missing(fare, PARTS["ongkos"]) == ""
    assert added(SCENARIO, PARTS["ongkos"], fare)["fares"][1] == {"unit": "u:2", "money": "banyak"}


def test_a_row_without_what_it_is_about_is_named() -> None:
    assert missing(row_of({"person": "a"}, PARTS["larangan"]), PARTS["larangan"]) == "post"
    assert missing(row_of({"person": "a", "post": "p:1"}, PARTS["prioritas"]), PARTS["prioritas"]) == "points"
    assert missing(row_of({"one": "a", "other": "b"}, PARTS["pasangan"]), PARTS["pasangan"]) == ""


def test_a_pointer_leads_to_the_field() -> None:
    assert field_of("/fares/1/money", PARTS["ongkos"]) == "money"
    assert field_of("/wishes/0/posts/2", PARTS["minat"]) == "post"
    assert field_of("/fares/1/money", PARTS["minat"]) == ""
    assert field_of("", PARTS["minat"]) == ""


def test_what_changed_since_and_what_a_run_refused() -> None:
    assert changed(["a", "b"], ["b", "c"]) == (["c"], ["a"])
    assert faulty(rows(SCENARIO, PARTS["minat"]), ["SEAT_UNKNOWN p:2", "PERSON_UNKNOWN b/p:7", "X"]) == {"p:2", "b"}
