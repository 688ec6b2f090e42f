"""A paper of each kind with invented data, in an agency's own layout and numbers: what a change of them would print."""

from datetime import date, timedelta
from hashlib import sha256
from typing import Literal, get_args

from services.approval.domain.decrees.numbering import Entry
from services.approval.pdf import Between, Seat, Sheet

Kind = Literal["transfer", "between", "amendment", "suspension", "revocation"]
KINDS: tuple[Kind, ...] = get_args(Kind)
REASON = "serah terima tugas pada unit kerja lama belum selesai"
LETTERS = (
    "Usul Pejabat Pembina Kepegawaian instansi penerima Nomor 800/1 tanggal 1 Oktober 2026",
    "Persetujuan Pejabat Pembina Kepegawaian instansi asal Nomor 800/2 tanggal 5 Oktober 2026",
    "Pertimbangan teknis Kepala Badan Kepegawaian Negara Nomor AK.02/3 tanggal 12 Oktober 2026",
    "Keputusan Menteri Dalam Negeri Nomor 821/4 tanggal 20 Oktober 2026",
)


def sample(kind: Kind, agency: str, name: str, entry: Entry, today: date) -> Sheet:
    """The sheet; `entry` numbers and dates it as it would a decree of that day. It says on its face that it is one."""
    sheet = Sheet(
        layout=agency,
        agency=name,
        number=entry.text(1, today),
        person="Siti Contoh, S.H.",
        nip="199003142014032912",
        origin=Seat(post="Analis Kebijakan Ahli Muda", unit="Sekretariat Daerah"),
        target=Seat(post="Penelaah Teknis Kebijakan", unit="Dinas Kependudukan dan Pencatatan Sipil"),
        issued_on=today,
        effective_on=entry.effective_on(today),
        signatory="Pejabat Pembina Kepegawaian",
        signed_by="Ahmad Contoh",
        digest=sha256(b"contoh").hexdigest(),
        status="sample",
        authority="PP 11/2017 ps 191",
        ground="Pertimbangan teknis Badan Kepegawaian Negara melalui I-MUT",
    )
    return sheet.model_copy(update=_of(kind, entry, today))


def _of(kind: Kind, entry: Entry, today: date) -> dict[str, object]:
    if kind == "transfer":
        return {}
    if kind == "between":
        return {"between": Between(origin="Pemerintah Kabupaten Contoh", letters=LETTERS), "ground": ""}
    before = today - timedelta(days=7)
    act = {"refers": entry.text(1, before), "refers_on": before, "number": entry.text(2, today), "reason": REASON}
    if kind == "revocation":
        return {**act, "kind": "revocation"}
    return {
        **act,
        "kind": "amendment",
        "was_effective_on": entry.effective_on(before),
        "suspends": kind == "suspension",
    }
