"""Every kind of paper is PDF/A-2a and PDF/UA-1 to veraPDF, which Maven fetches; a file that is not is found."""

import os
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
import typst

from deploy.local.cache import java_home
from services.approval.deciders import NUMBERS
from services.approval.pdf import TEMPLATES, Between, Note, Sheet, render
from services.approval.samples import KINDS, sample
from tests.unit.approval.test_pdf import SHEET

pytestmark = [pytest.mark.wide, pytest.mark.timeout(600)]
HERE = Path(__file__).parents[2] / "support/verapdf"
FLAVOURS = ("2a", "ua1")
REFERS = {"refers": SHEET.number, "refers_on": SHEET.issued_on, "number": "800.1.3.1/2/BKPSDM/2026"}
AMENDED = {"kind": "amendment", "was_effective_on": date(2026, 12, 1), "reason": "Serah terima belum selesai", **REFERS}
REVOKED = {"kind": "revocation", "reason": "Ditetapkan tanpa kewenangan", **REFERS}
LETTERS = (
    "Usul Pejabat Pembina Kepegawaian Pemerintah Kota Surakarta Nomor 800/1 tanggal 1 November 2026",
    "Persetujuan Pejabat Pembina Kepegawaian Pemerintah Kabupaten Sigi Nomor 800/2 tanggal 5 November 2026",
    "Pertimbangan teknis Kepala Badan Kepegawaian Negara Nomor AK.02/3 tanggal 12 November 2026",
    "Keputusan Menteri Dalam Negeri Nomor 821/4 tanggal 20 November 2026",
)
WITHDRAWN = "Pencabutan Keputusan Menteri Dalam Negeri Nomor 821/77/SJ tanggal 25 November 2026"
RALAT = Note(part="unit kerja baru", wrong="Disdukcapil", right="Dinas Kependudukan", on=date(2026, 11, 25))
ADDRESS = f"https://mutasi.example/verifikasi/{SHEET.digest}"


def between(*letters: str) -> dict[str, object]:
    """What a move between agencies prints besides."""
    return {"between": Between(origin="Pemerintah Kabupaten Sigi", letters=letters), "ground": ""}


CHANGES: dict[str, dict[str, object]] = {
    "transfer": {"ground": "Pertimbangan teknis BKN melalui I-MUT", "authority": "PP 11/2017 ps 191"},
    "palu": {"layout": "palu", "electronic": True},
    "amendment": AMENDED,
    "suspension": {**AMENDED, "suspends": True},
    "revocation": REVOKED,
    "corrected": {"corrections": (RALAT,)},
    "revoked": {"status": "revoked"},
    "forgotten": {"person": "", "nip": "", "signed_by": ""},
    "between": between(*LETTERS),
    "between-waived": between(LETTERS[0], LETTERS[1], LETTERS[3], "Tanpa pertimbangan teknis berdasarkan PP 11/2017"),
    "between-amendment": {**AMENDED, **between(*LETTERS)},
    "between-revocation": {**REVOKED, **between(*LETTERS, WITHDRAWN)},
}


def sheets() -> dict[str, Sheet]:
    """A sheet of every kind."""
    entry = NUMBERS.on("palu", SHEET.issued_on)
    samples = {f"sample-{kind}": sample(kind, "palu", SHEET.agency, entry, SHEET.issued_on) for kind in KINDS}
    return samples | {name: SHEET.model_copy(update={"address": ADDRESS, **change}) for name, change in CHANGES.items()}


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """veraPDF with what it needs."""
    maven, into = shutil.which("mvn"), tmp_path_factory.mktemp("verapdf")
    assert maven, "Maven is needed, as for Kafka"
    command = [maven, "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:copy-dependencies"]
    subprocess.run([*command, f"-DoutputDirectory={into}"], check=True)
    return into


def validated(libraries: Path, files: list[Path]) -> dict[tuple[str, str], tuple[bool, str]]:
    """File and flavour -> compliant, and what was said of it."""
    java = java_home() / "bin/java"
    command = [str(java), "-cp", f"{libraries}/*", str(HERE / "Validate.java"), *map(str, files)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
    found: dict[tuple[str, str], tuple[bool, str]] = {}
    for line in done.stdout.splitlines():
        if not line.startswith(" "):
            file, flavour, compliant, _ = line.split()
            key = (Path(file).stem, flavour)
            found[key] = (compliant == "true", line)
        else:
            found[key] = (False, found[key][1] + line)
    print(done.stdout)  # noqa: T201 - the numbers of checks stand in docs/decrees.md
    return found


def test_every_paper_is_archival_and_accessible(libraries: Path, tmp_path: Path) -> None:
    files = []
    for name, sheet in sheets().items():
        files.append(tmp_path / f"{name}.pdf")
        files[-1].write_bytes(render(sheet))
    found = validated(libraries, files)
    assert len(found) == len(files) * len(FLAVOURS)
    assert [said for compliant, said in found.values() if not compliant] == []


def test_what_is_neither_is_found(libraries: Path, tmp_path: Path) -> None:
    source, plain = tmp_path / "plain.typ", tmp_path / "plain.pdf"
    source.write_text("Keputusan")
    typst.compile(str(source), output=str(plain), root=str(TEMPLATES.anchor))
    assert {compliant for compliant, _ in validated(libraries, [plain]).values()} == {False}
