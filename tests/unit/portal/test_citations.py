"""Every source that the packaged rules, chains and documents name is there in Indonesian, and none that they do not."""

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from services.portal.words import Words, citations

ROOT = Path(__file__).parents[3]
PATTERNS = (
    "services/evaluation/rules/*.yaml",
    "services/approval/chains/K*.yaml",
    "services/approval/chains/remedies.yaml",
    "shared/kernel/data/documents.yaml",
)
SAME = re.compile(r"(UU|PP|Peraturan BKN|administrator|pengawas|JPT pratama|ps|jo|h|[\d/()\[\],;-]|\s)+")
"""The same in both languages: regulations by their numbers, ranks by their names."""


def sources(found: object) -> Iterator[str]:
    if isinstance(found, list):
        for one in found:
            yield from sources(one)
    if isinstance(found, dict):
        for key, one in found.items():
            yield from [one] if key == "citation" else sources(one)


def packaged() -> set[str]:
    files = (path for pattern in PATTERNS for path in ROOT.glob(pattern))
    return {source for path in files for source in sources(yaml.safe_load(path.read_text("utf-8")))}


def test_whatever_has_words_has_them_in_indonesian() -> None:
    assert {source for source in packaged() if not SAME.fullmatch(source)} == citations().keys()


def test_numbers_of_regulations_are_the_same_in_both() -> None:
    for english, indonesian in citations().items():
        assert re.findall(r"\d+/\d+|\d{4}", english) == re.findall(r"\d+/\d+|\d{4}", indonesian)


def test_a_reader_sees_their_language_and_an_agencys_own_source_as_it_was_written() -> None:
    known = "PP 11/2017 ps 190(4): requirements of the post"
    assert Words("id").citation(known) == "PP 11/2017 ps 190(4): persyaratan jabatan"
    assert Words("en").citation(known) == known
    assert Words("id").citation("Perwali Palu 3/2026") == "Perwali Palu 3/2026"
