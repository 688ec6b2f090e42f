"""Golden examples: what every event looked like when it was first said is still read, field by field.

A new event gets an example by hand, with every field, so that people can check it; old examples are only added to.
"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from deploy.docs.schemas import GOLDEN
from shared.contracts.catalogue import BY_TYPE
from shared.kernel.decider import Event

EVERY = pytest.mark.parametrize("event", BY_TYPE.values(), ids=BY_TYPE.keys())
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)
UNKNOWN = st.dictionaries(st.from_regex(r"\Anew_[a-z]{1,8}\Z"), JSON, min_size=1, max_size=3)


def golden(event: type[Event]) -> Any:
    """The example of this type."""
    return json.loads((GOLDEN / f"{event.TYPE}.json").read_text("utf-8"))


def objects(value: Any, model: BaseModel) -> Iterator[dict[str, Any]]:
    """The JSON objects that are models (not free mappings), the whole one first."""
    yield value
    for name in type(model).model_fields:
        inner, part = getattr(model, name), value[name]
        pairs = zip(part, inner, strict=True) if isinstance(inner, tuple) else [(part, inner)]
        for raw, read in pairs:
            if isinstance(read, BaseModel):
                yield from objects(raw, read)


def test_there_is_one_example_for_every_event_and_no_other() -> None:
    assert {file.stem for file in GOLDEN.glob("*")} == set(BY_TYPE)


@EVERY
def test_an_example_is_read_and_written_as_it_is(event: type[Event]) -> None:
    example = golden(event)
    assert event.model_validate(example).model_dump(mode="json") == example


@EVERY
def test_an_example_has_its_key(event: type[Event]) -> None:
    assert event.model_validate(golden(event)).key == golden(event)[event.KEY] != ""


@settings(max_examples=200, deadline=None)
@given(event=st.sampled_from(list(BY_TYPE.values())), unknown=UNKNOWN)
def test_an_old_reader_reads_a_new_event(event: type[Event], unknown: dict[str, Any]) -> None:
    """Fields that it does not know, at any depth, change nothing."""
    example = golden(event)
    known = event.model_validate(example)
    for place in list(objects(example, known)):
        place.update(unknown)
    assert event.model_validate_json(json.dumps(example)) == known


@EVERY
def test_a_new_reader_reads_an_old_event(event: type[Event]) -> None:
    """Without any one of its optional fields it is read with that field's default."""
    example = golden(event)
    for name, field in event.model_fields.items():
        if not field.is_required():
            read = event.model_validate({other: value for other, value in example.items() if other != name})
            default = field.get_default(call_default_factory=True)
            assert read == event.model_validate(example).model_copy(update={name: default})
