"""Values as people read them."""

from typing import Literal

import pytest

from services.evaluation.explain import Voice, words


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("id", "pengembangan diri dan orang lain 1, pelayanan publik 2, 2 Januari 2026"),
        ("en", "developing self and others 1, public service 2, January 2, 2026"),
    ],
)
def test_competences_have_their_names_also_with_a_level(language: Literal["id", "en"], said: str) -> None:
    assert Voice(words(), language).value("developing_self_and_others 1, public_service 2, 2026-01-02") == said
