"""Settings of one service process, from the environment (MUTASI_…); built once, at start."""

from pathlib import Path
from typing import Literal

from pydantic import Field, HttpUrl, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

_REMEDIES = {
    "kafka": "the broker's address, as in MUTASI_KAFKA=sasl://registry:password@127.0.0.1:9092, or without who we are",
    "mongo": "the replica set's address, as in MUTASI_MONGO='mongodb://127.0.0.1:27017/?replicaSet=rs0'",
    "port": "a free port, as in MUTASI_PORT=8101",
    "issuer": "the OpenID provider's issuer, as its tokens write it",
    "jwks_url": "where the OpenID provider publishes its keys, as in MUTASI_JWKS_URL=http://127.0.0.1:8100/jwks",
}


class Settings(BaseSettings):
    """All a service may be told. What has no default must be given."""

    model_config = SettingsConfigDict(env_prefix="MUTASI_", frozen=True, extra="ignore")

    kafka: SecretStr = Field(min_length=1)  # carries a password
    mongo: SecretStr = Field(min_length=1)  # may carry a password
    host: str = "127.0.0.1"
    port: int = Field(ge=1, le=65535)
    instance: str = "1"  # tells replicas apart, and stays the same over restarts
    issuer: str = Field(min_length=1)
    jwks_url: HttpUrl
    audience: str = "mutasi"
    admin: str = ""  # login of the first administrator
    smtp_host: str = "127.0.0.1"
    smtp_port: int = Field(default=1025, ge=1, le=65535)
    chains: Path | None = None  # a folder of approval chains besides the packaged ones
    channel: str = "email"
    portal_url: str = "http://127.0.0.1:8100"
    batch_max: int = Field(default=500, ge=1)  # messages per write; 1 shows what batches are worth
    otlp: str = ""  # an OTLP/HTTP collector; traces are only passed on without
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @classmethod
    def load(cls) -> "Settings":
        """From the environment. Ends the process with one line per wrong setting, saying what to do."""
        try:
            return cls()
        except ValidationError as error:
            lines = [_line(found["loc"], found["type"]) for found in error.errors()]
            raise SystemExit("\n".join(lines)) from None


def _line(loc: tuple[int | str, ...], kind: str) -> str:
    name = str(loc[0])
    fault = "is missing" if kind == "missing" else f"is not usable ({kind})"
    return f"MUTASI_{name.upper()} {fault}: set it to {_REMEDIES.get(name, 'a valid value or leave it out')}"
