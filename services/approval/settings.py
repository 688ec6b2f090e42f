"""The settings of this service, all from the environment (`MUTASI_…`), read once."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Self

from pydantic import SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where decrees are verified, and who signs them.

    `signing_url` is a provider of electronic signatures, and `signing_secrets` the file with what it wants to know;
    without it `signing_folder` holds a certificate authority of our own, for demonstration and tests. Without either
    nothing is signed. `signing_roots` are the certificates that a signature has to lead to (PEM); our own by default.
    `outside` are the addresses of systems of authorities outside by the first word of their issuer, as JSON
    ({"bkn": "https://…"}). With `internal_secret`, which notification has too, a decree
    goes with the mail that tells it.
    """

    model_config = SettingsConfigDict(env_prefix="MUTASI_", frozen=True)

    portal_url: str = "http://127.0.0.1:8100"
    signing_url: str = ""
    signing_folder: Path | None = None
    signing_secrets: Path | None = None
    signing_roots: Path | None = None
    signing_timeout: float = 20.0
    outside: Mapping[str, str] = {}
    internal_secret: SecretStr = SecretStr("")

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.signing_url and not (self.signing_secrets and self.signing_roots):
            raise ValueError("MUTASI_SIGNING_URL needs MUTASI_SIGNING_SECRETS and MUTASI_SIGNING_ROOTS beside it")
        return self

    @property
    def roots(self) -> Path | None:
        """Where the trusted certificates are."""
        return self.signing_roots or (self.signing_folder / "root.pem" if self.signing_folder else None)

    @property
    def signs(self) -> bool:
        """Whether papers are signed here."""
        return bool(self.signing_url or self.signing_folder)


@cache
def settings() -> Settings:
    """The settings of this process. Raises pydantic.ValidationError naming a bad one."""
    return Settings()
