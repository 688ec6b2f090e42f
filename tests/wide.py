"""Keeps the last result of the wide tests in the docs: `python -m tests.wide REPORT docs/wide.md` reads what pytest
reported (JUnit XML) and rewrites the rows of the files that ran; `make test-wide` does it at its end."""

import re
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

ROOT = Path(__file__).parents[1]
ROW = re.compile(r"^\| `(?P<file>[^`]+)` \| (?P<last>.*) \|$", re.MULTILINE)
NEVER = "– | – | –"
HEAD = """# The wide tests, and their last result

`make test-wide` runs what is too slow for `make test`: Keycloak, all pages in both languages and all sizes, the longest
stories. At its end it writes here what came of each file that ran; `make test-wide ARGS=tests/e2e/test_every_page.py`
runs one of them. Every page that a browser test looked at lies as a picture in `.run/pictures`, or where
`MUTASI_SCREENSHOTS` says: name, language and size (`wide`, `zoomed` for 200 %, `narrow` for 320 pixels).

| file | result | seconds | day |
|---|---|---|---|
"""


class Run(NamedTuple):
    """What came of the tests of one file, the seconds they took with their set-up, and the day (ISO)."""

    results: Mapping[str, int]
    seconds: float
    day: str

    def __str__(self) -> str:
        said = ", ".join(f"{number} {result}" for result, number in sorted(self.results.items()))
        return f"{said} | {self.seconds:.0f} | {self.day}"


def wide_files(tests: Path) -> list[str]:
    """The files with a wide test, as paths from the root of the clone."""
    found = [path for path in tests.rglob("test_*.py") if "mark.wide" in path.read_text("utf-8")]
    return sorted(path.relative_to(tests.parent).as_posix() for path in found)


def runs(report: str) -> dict[str, Run]:
    """The files of a report. Raises ElementTree.ParseError."""
    found: dict[str, Run] = {}
    for suite in ElementTree.fromstring(report).iter("testsuite"):
        for case in suite.iter("testcase"):
            file = f"{case.attrib['classname'].replace('.', '/')}.py"
            before = found.get(file, Run({}, 0, suite.attrib["timestamp"][:10]))
            results = Counter(before.results) + Counter([_result(case)])
            found[file] = Run(results, before.seconds + float(case.attrib["time"]), before.day)
    return found


def _result(case: ElementTree.Element) -> str:
    names = {"failure": "failed", "error": "failed", "skipped": "skipped"}
    return next((names[part.tag] for part in case if part.tag in names), "passed")


def page(files: list[str], before: str, ran: Mapping[str, Run]) -> str:
    """The page of the docs: what ran now, and what is known of the others."""
    known = {row["file"]: row["last"] for row in ROW.finditer(before)} | {file: str(ran[file]) for file in ran}
    return HEAD + "".join(f"| `{file}` | {known.get(file, NEVER)} |\n" for file in files)


if __name__ == "__main__":
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    earlier = target.read_text("utf-8") if target.exists() else ""
    target.write_text(page(wide_files(ROOT / "tests"), earlier, runs(source.read_text("utf-8"))), "utf-8")
