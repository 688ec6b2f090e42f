"""`python -m deploy.docs`: write what is made from the code anew; `--check` only says what would change."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.docs import asyncapi, edges, lifecycle, openapi, schemas
from deploy.local.layout import ROOT


def made() -> dict[Path, str]:
    """Every generated file with its text. Raises schemas.Incompatible."""
    documents: Mapping[Path, Any] = {
        **schemas.schemas(),
        **openapi.documents(),
        asyncapi.FILE: asyncapi.document(),
    }
    written = {file: json.dumps(what, indent=2, ensure_ascii=False) + "\n" for file, what in documents.items()}
    return {**written, lifecycle.FILE: lifecycle.text(), edges.FILE: edges.text()}


def stale() -> list[Path]:
    """Files that are not what the code says. Raises schemas.Incompatible."""
    return [file for file, text in made().items() if not file.exists() or file.read_text("utf-8") != text]


def main(arguments: list[str]) -> int:
    """0 when all is up to date (now); 1 with the reason when it is not."""
    try:
        late = stale()
    except schemas.Incompatible as refused:
        print(f"✗ {refused}", file=sys.stderr)
        return 1
    if "--check" in arguments:
        for file in late:
            print(f"✗ {file.relative_to(ROOT)} is out of date. Run: python -m deploy.docs", file=sys.stderr)
        return int(bool(late))
    texts = made()
    for file in late:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(texts[file], "utf-8")
        print(f"✓ {file.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
