"""Loads the import files into a running registry through its HTTP door; loading again changes nothing."""

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx

from deploy.demo.files import KINDS

_ROWS = 1000  # of one upload
_TRIES = 5
_PATIENCE = httpx.Timeout(300)


class LoadFailed(Exception):
    """The registry refused rows or did not answer; says what and where."""


def load(folder: Path) -> None:
    """Upload all files in order, as the first administrator. Raises LoadFailed."""
    _tell_accounts(folder)
    registry = os.environ.get("MUTASI_REGISTRY_URL", "http://127.0.0.1:8101")
    try:
        headers = {"Authorization": f"Bearer {_token()}"}
        with httpx.Client(base_url=registry, headers=headers, timeout=_PATIENCE) as client:
            for kind in KINDS:
                started = time.monotonic()
                rows = sum(_upload(client, kind, part) for part in _parts(folder / f"{kind}.csv"))
                print(f"  {kind:<9} {rows:>6} rows  {time.monotonic() - started:5.1f} s", flush=True)
    except httpx.HTTPError as error:
        raise LoadFailed(f"{type(error).__name__}: {error}") from error


def _tell_accounts(folder: Path) -> None:
    """Let the demo's identity provider know the accounts, the first administrator before all."""
    target = os.environ.get("MUTASI_ACCOUNTS")
    if not target:
        return
    accounts = json.loads((folder / "accounts.json").read_text("utf-8"))
    first = {"login": os.environ.get("MUTASI_ADMIN", "admin"), "label": "the first administrator"}
    draft = Path(f"{target}.new")
    draft.write_text(json.dumps([first, *accounts], ensure_ascii=False, indent=2), "utf-8")
    draft.replace(target)  # the provider reads the file at any moment


def _token() -> str:
    idp = os.environ.get("MUTASI_IDP_URL") or os.environ.get("MUTASI_ISSUER", "http://127.0.0.1:8107")
    asked = {"login": os.environ.get("MUTASI_ADMIN", "admin")}
    answer = httpx.post(f"{idp}/demo/token", json=asked, timeout=30)
    answer.raise_for_status()
    return str(answer.json()["access_token"])


def _parts(file: Path) -> Iterator[bytes]:
    header, *lines = file.read_bytes().splitlines(keepends=True)
    for start in range(0, len(lines), _ROWS):
        yield b"".join([header, *lines[start : start + _ROWS]])


def _upload(client: httpx.Client, kind: str, part: bytes) -> int:
    """Rows taken. What only came too early (facts on their way) is sent again."""
    report: dict[str, Any] = {}
    for attempt in range(_TRIES):
        time.sleep(attempt)
        answer = client.post(f"/v1/imports/{kind}", files={"file": (f"{kind}.csv", part, "text/csv")})
        if answer.status_code != httpx.codes.OK:
            raise LoadFailed(f"{kind}: {answer.status_code} {answer.text[:500]}")
        report = answer.json()
        refused = [found for found in report["findings"] if found["severity"] == "refused"]
        if not refused:
            return int(report["taken"])
        if any(found["rule"] != "NOT_YET" for found in refused):
            break
    for found in refused[:20]:
        print(
            f"  {kind} row {found['row']} {found['column']}: {found['rule']}: {found['says']['en']}",
            file=sys.stderr,
        )
    raise LoadFailed(f"{kind}: {report['refused']} rows were refused")
