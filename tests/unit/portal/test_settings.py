"""What the portal is told at its start."""

import pytest
from pydantic import ValidationError

from services.portal.settings import Doors, contrast_with_white


@pytest.mark.parametrize(("colour", "contrast"), [("#ffffff", 1.0), ("#000000", 21.0), ("#767676", 4.54)])
def test_contrast_is_that_of_wcag(colour: str, contrast: float) -> None:
    assert round(contrast_with_white(colour), 2) == contrast


@pytest.mark.parametrize("colour", ["#ffd43b", "#777777", "red", "#0B3D5C", "#0b3d5c; }"])
def test_a_brand_on_which_nobody_could_read_is_refused(colour: str) -> None:
    with pytest.raises(ValidationError):
        Doors(brand=colour)


def test_a_brand_is_taken() -> None:
    assert Doors(brand="#5b1a4a").brand == "#5b1a4a"
    assert Doors().brand == ""
