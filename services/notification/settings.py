"""The settings of this service, all from the environment (`MUTASI_…`), read once."""

from functools import cache
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Channel, portal and mail server. Times in seconds. `instance` tells processes apart, over restarts too.

    `restored` is another text each time the database was put back from a copy: the ledger is younger then.

    `smtp_reply_timeout` is how long the answer to a message is waited for; without one a legal notice is sent
    again after `smtp_window`, any other is shown as ambiguous. `smtp_queue_timeout`: for a free connection.
    `smtp_ca` names a file of certificates to trust instead of the system's: an agency's own authority.
    A chat channel is on where its token is given (apprise: its URL). `whatsapp_secret` signs what WhatsApp tells
    afterwards, `whatsapp_verify` is the word it shows when that address is set up there. With `internal_secret`, which
    approval has too, a decree goes with the mail that tells it; without it the link leads there.
    """

    model_config = SettingsConfigDict(env_prefix="MUTASI_", frozen=True)

    instance: str = "1"
    restored: str = ""
    channel: Literal["email", "record"] = "email"
    portal_url: str = "http://127.0.0.1:8100"
    links_url: str = ""
    notification_url: str = "http://127.0.0.1:8105"
    approval_url: str = "http://127.0.0.1:8104"
    internal_secret: SecretStr = SecretStr("")
    link_days: int = Field(default=60, ge=1, le=400)
    mail_from: str = "mutasi@localhost"
    smtp_host: str = "127.0.0.1"
    smtp_port: int = 1025
    smtp_tls: Literal["auto", "required", "never", "implicit"] = "auto"
    smtp_ca: str = ""
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_connections: int = Field(default=4, ge=1)
    smtp_timeout: float = 30.0
    smtp_reply_timeout: float = 120.0
    smtp_queue_timeout: float = 20.0
    smtp_window: float = 900.0
    matrix_url: str = "http://127.0.0.1:8008"
    matrix_server: str = "localhost"
    matrix_token: SecretStr = SecretStr("")
    telegram_url: str = "https://api.telegram.org"
    telegram_token: SecretStr = SecretStr("")
    whatsapp_url: str = "https://graph.facebook.com/v23.0"
    whatsapp_number: str = ""
    whatsapp_token: SecretStr = SecretStr("")
    whatsapp_secret: SecretStr = SecretStr("")
    whatsapp_verify: SecretStr = SecretStr("")
    whatsapp_template: str = "mutasi_notice"
    apprise_url: SecretStr = SecretStr("")
    chat_connections: int = Field(default=4, ge=1)
    chat_timeout: float = 20.0

    @property
    def public_url(self) -> str:
        """Where the readers of mails reach this service's pages: `links_url`, else where the others reach it."""
        return self.links_url or self.notification_url

    @property
    def longest_attempt(self) -> float:
        """What one attempt may take at most: queue, connecting and envelope, answer, and a margin."""
        return self.smtp_queue_timeout + 6 * self.smtp_timeout + self.smtp_reply_timeout + 30.0


@cache
def settings() -> Settings:
    """The settings of this process. Raises pydantic.ValidationError naming a bad one."""
    return Settings()
