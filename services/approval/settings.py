"""The settings of this service, all from the environment (`MUTASI_…`), read once."""

from functools import cache
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Where decrees are verified, and who signs them.

    `signing_url` is a provider of electronic signatures; without it `signing_folder` holds the keys of a certificate
    authority of our own, for demonstration and tests. Without either nothing can be signed.
    """

    model_config = SettingsConfigDict(env_prefix="MUTASI_", frozen=True)

    portal_url: str = "http://127.0.0.1:8100"
    signing_url: str = ""
    signing_folder: Path | None = None
    signing_timeout: float = 20.0


@cache
def settings() -> Settings:
    """The settings of this process. Raises pydantic.ValidationError naming a bad one."""
    return Settings()
