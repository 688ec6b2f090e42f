"""Two bad files that nobody wants in a repository: `python -m tests.support.huge FOLDER` writes them."""

import io
import sys
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

BOOK = Path(__file__).parents[1] / "data" / "registry" / "people-huge-cell.xlsx"
CELL, UNPACKED = 10_000_000, 520 << 20
_CHUNK = 1 << 20


def cell() -> bytes:
    """A CSV of agencies with a cell of 10 MB in the first row; the second row is good."""
    rows = ("agency,name,kind,province,zone", f"palu,{'x' * CELL},city,Sulteng,WITA", "binjai,Binjai,city,Sumut,WIB")
    return "\n".join((*rows, "")).encode()


def bomb(unpacked: int = UNPACKED) -> bytes:
    """A workbook that unpacks to so many bytes more; packed it is small."""
    out = io.BytesIO(BOOK.read_bytes())
    out.seek(0, io.SEEK_END)
    with ZipFile(out, "a", ZIP_DEFLATED) as parts, parts.open("xl/media/x.bin", "w") as part:
        for _ in range(unpacked // _CHUNK):
            part.write(b"\0" * _CHUNK)
    return out.getvalue()


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "agencies-huge-cell.csv").write_bytes(cell())
    (folder / "people-bomb.xlsx").write_bytes(bomb())
