"""What the portal is told besides what every service is: where the others are, and how people sign in."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Doors(BaseSettings):
    """Addresses of the other services' public HTTP APIs, and the portal's own as a browser sees it.

    `signing_roots` are the certificates (PEM) that the signature of a decree has to lead to. `discovery_url` is where
    the provider describes itself, where that is not below the issuer's own address.
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

    @property
    def secure(self) -> bool:
        """Whether browsers may send cookies over TLS only."""
        return self.portal_url.startswith("https:")
