"""The files of `tests/data/registry`, sent to a running registry."""

import time
from pathlib import Path
from typing import Any

import httpx

from tests.support.region import Region

DATA = Path(__file__).parents[1] / "data" / "registry"
_EARLY = 90.0  # seconds in which the registry hears of its own facts


def imported(registry: Region, kind: str, content: bytes) -> dict[str, Any]:
    """The report of a file; what only came too early is sent again."""
    url, deadline = f"{registry.system.url('registry')}/v1/imports/{kind}", time.monotonic() + _EARLY
    while True:
        headers = registry.system.headers(registry.system.admin)
        answer = registry.http.post(url, files={"file": content}, headers=headers, timeout=600)
        assert answer.status_code == httpx.codes.OK, answer.text
        report = dict(answer.json())
        early = any(one["rule"] == "NOT_YET" for one in report["findings"])
        if not early or time.monotonic() > deadline:
            return report
