"""The limits of `docs/adr/0006-host.md`: what one person must read to trust the runtime stays small."""

import ast
import io
import tokenize
from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared"
RUNTIME_LINES, FILE_LINES = 2500, 300
SILENT = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER}


def code_lines(source: str) -> int:
    """Lines that hold code: no blank lines, no comments, no docstrings."""
    docstrings = {
        line
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    lines = {line for t in tokens if t.type not in SILENT for line in range(t.start[0], t.end[0] + 1)}
    return len(lines - docstrings)


def test_code_lines_leaves_out_what_is_no_code() -> None:
    assert code_lines('"""Doc.\n\nMore."""\n\n# why\nx = (\n    1,  # one\n)\n') == 3


def test_runtime_is_small() -> None:
    total = sum(code_lines(path.read_text("utf-8")) for path in (SHARED / "runtime").rglob("*.py"))
    assert total <= RUNTIME_LINES


@pytest.mark.parametrize("path", sorted(SHARED.rglob("*.py")), ids=lambda path: str(path.relative_to(SHARED)))
def test_file_is_small(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= FILE_LINES
