"""The national provider's HTTP door (BSrE eSign, version 2), as far as it is publicly known.

`POST /api/v2/sign/pdf` with Basic authentication: `nik` and `passphrase` of the official, `signatureProperties`, and
the PDF in base64 in `file`; the answer has the signed ones in `file`. Certainty C: the provider's own papers decide.
"""

import base64
import binascii
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr, TypeAdapter

from services.approval.signing.port import Order, SignerAway, SignerRefused
from shared.kernel.decider import Frozen

PATH = "/api/v2/sign/pdf"
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
DENIED = frozenset({401, 403})


class Secret(Frozen):
    """What the provider wants to know of the official who holds an office."""

    nik: str
    passphrase: SecretStr


class Secrets(Frozen):
    """Our own account, and the officials by "agency/office". They stay in this file: no event, no database, no log."""

    user: str
    password: SecretStr
    officials: Mapping[str, Secret] = {}


def secrets_in(file: Path) -> Secrets:
    """The secrets of a JSON file. Raises OSError, pydantic.ValidationError."""
    return TypeAdapter(Secrets).validate_json(file.read_bytes())


class Provider:
    """Asks the provider. A late answer is as good as none: the paper is asked for again, and whichever signed file is
    kept first is the one."""

    def __init__(self, url: str, secrets: Secrets, timeout: float) -> None:
        self._url, self._secrets, self._timeout = url.rstrip("/") + PATH, secrets, timeout
        self._login = httpx.BasicAuth(secrets.user, secrets.password.get_secret_value())

    async def sign(self, paper: bytes, order: Order) -> bytes:
        """The signed PDF. Raises SignerRefused, SignerAway."""
        secret = self._secrets.officials.get(f"{order.agency}/{order.office}")
        if secret is None:
            raise SignerRefused("SIGNER_UNKNOWN")
        wish = {
            "nik": secret.nik,
            "passphrase": secret.passphrase.get_secret_value(),
            "signatureProperties": [{"tampilan": "INVISIBLE", "reason": order.office_name}],
            "file": [base64.b64encode(paper).decode()],
        }
        try:
            async with httpx.AsyncClient(auth=self._login, timeout=self._timeout) as http:
                reply = await http.post(self._url, json=wish)
        except httpx.HTTPError as error:
            raise SignerAway(type(error).__name__) from None
        return _signed(reply)


def _signed(reply: httpx.Response) -> bytes:
    if reply.status_code in AGAIN:
        raise SignerAway(f"HTTP {reply.status_code}")
    try:
        body: Any = reply.json()
    except ValueError:
        raise SignerAway("no JSON") from None
    said = body if isinstance(body, dict) else {}
    if reply.is_error:
        code = "SIGNER_DENIED_US" if reply.status_code in DENIED else "SIGNER_REFUSED"
        raise SignerRefused(code, str(said.get("error", ""))[:200])
    try:
        return base64.b64decode(said["file"][0], validate=True)
    except (KeyError, IndexError, TypeError, binascii.Error):
        raise SignerRefused("SIGNER_BAD_ANSWER") from None
