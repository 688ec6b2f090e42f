"""What the portal is told besides what every service is: where the others are, and how people sign in."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator
from pydantic_settings import BaseSettings, SettingsConfigDict

LEGIBLE, DARK = 4.5, 0.04045
"""Contrast of text that can be read (WCAG 2.2, 1.4.3), and below what sRGB is linear (IEC 61966-2-1)."""


def legible(colour: str) -> str:
    """A colour as #rrggbb that white letters can be read on, or none. Raises ValueError."""
    if colour and not re.fullmatch(r"#[0-9a-f]{6}", colour):
        raise ValueError("a colour is written as #rrggbb, in small letters")
    if colour and contrast_with_white(colour) < LEGIBLE:
        raise ValueError(f"white letters on {colour} have a contrast of less than {LEGIBLE}")
    return colour


def contrast_with_white(colour: str) -> float:
    """Of a colour #rrggbb, 1 to 21, by relative luminance as WCAG 2.2 has it."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [part / 12.92 if part <= DARK else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (sum(share * part for share, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True)) + 0.05)


class Doors(BaseSettings):
    """Addresses of the other services' public HTTP APIs, and the portal's own as a browser sees it.

    `signing_roots` are the certificates (PEM) that the signature of a decree has to lead to. `discovery_url` is where
    the provider describes itself, where that is not below the issuer's own address. `brand` is the colour (#rrggbb) and
    `brand_name` the name of the agency whose portal it is; without them the portal has its own.
    """

    model_config = SettingsConfigDict(env_prefix="MUTASI_", frozen=True, extra="ignore")

    registry_url: str = "http://127.0.0.1:8101"
    proposal_url: str = "http://127.0.0.1:8102"
    evaluation_url: str = "http://127.0.0.1:8103"
    approval_url: str = "http://127.0.0.1:8104"
    notification_url: str = "http://127.0.0.1:8105"
    portal_url: str = "http://127.0.0.1:8100"
    client_id: str = "mutasi"
    discovery_url: str = ""
    signing_roots: Path | None = None
    brand: Annotated[str, AfterValidator(legible)] = ""
    brand_name: str = ""

    @property
    def secure(self) -> bool:
        """Whether browsers may send cookies over TLS only."""
        return self.portal_url.startswith("https:")
