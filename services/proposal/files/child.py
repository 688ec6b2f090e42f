"""Has a file looked at in a process of its own, which knows nothing of this service and ends soon."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE
from typing import Any

from shared.kernel.decider import Refused
from shared.runtime.ports import Unavailable

AT_ONCE, SECONDS = 2, 20.0
BEGINNINGS = (b"%PDF-", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")
"""Of what may be a paper or a picture; for all else no process is started."""
_room = asyncio.Semaphore(AT_ONCE)


async def looked_at(content: bytes) -> str:
    """Its media type.

    Raises Refused FILE_TYPE, FILE_MIXED, FILE_UNREADABLE (also for what the process died of), FILE_ENCRYPTED or
    FILE_ACTIVE, and Unavailable when it took too long.
    """
    if not content.startswith(BEGINNINGS):
        raise Refused("FILE_TYPE", status=422, where="body")
    async with _room:
        found = await _ask(content)
    if "media" not in found:
        raise Refused(str(found.get("code", "FILE_UNREADABLE")), status=422, where="body")
    return str(found["media"])


async def _ask(content: bytes) -> dict[str, Any]:
    # An empty environment but for where Python is: no secret of this service is in reach of a hostile file.
    place = {"PATH": os.environ.get("PATH", ""), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "services.proposal.files.look", stdin=PIPE, stdout=PIPE, stderr=DEVNULL, env=place
    )
    try:
        async with asyncio.timeout(SECONDS):
            said, _ = await child.communicate(content)
    except TimeoutError:
        child.kill()
        await child.wait()
        raise Unavailable from None
    found: dict[str, Any] = json.loads(said) if child.returncode == 0 else {}
    return found
