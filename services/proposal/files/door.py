"""How a file comes in and goes out by HTTP: its bytes as the body, and nothing of a name is believed."""

import hashlib
from typing import Any

from fastapi import Request, Response

from services.proposal.files.child import looked_at
from services.proposal.files.shelf import LARGEST, Shelf
from shared.host.http import Call, Json

MEDIA = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
_FILE = {"schema": {"type": "string", "format": "binary"}}
STORE: dict[str, Any] = {
    "x-body-limit": LARGEST,
    "requestBody": {"required": True, "content": dict.fromkeys(MEDIA, _FILE)},
}
"""Of a route that takes a file."""


async def stored(call: Call, request: Request, owner: str, person: str) -> Json:
    """Keep the body under its hash for a case or debt of this person. Raises Refused as `looked_at` and `store` do."""
    content = await request.body()
    media, sha256 = await looked_at(content), hashlib.sha256(content).hexdigest()
    await Shelf(call.db).store(owner, person, sha256, media, content)
    return Json({"sha256": sha256, "media": media, "size": len(content)})


async def sent(call: Call, owner: str, sha256: str, media: str, name: str) -> Response:
    """The file, to be saved under that name. Raises Refused FILE_ERASED."""
    content = await Shelf(call.db).content_of(owner, sha256)
    headers = {"content-disposition": f'attachment; filename="{name}.{MEDIA[media]}"'}
    return Response(content, media_type=media, headers=headers)
