"""`mutasi audit verify`: every hash chain and every invariant, from the databases themselves."""

import asyncio
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli.client import BROKEN, NO_ANSWER, failure
from services.cli.language import say
from services.cli.session import Session, session
from shared.runtime.ports import Unavailable

if TYPE_CHECKING:
    from shared.invariants import Found

audit = typer.Typer(no_args_is_help=True, help="The audit trail: verify.")
SERVICES = ("registry", "proposal", "evaluation", "approval", "notification")
"""Those that say anything; the portal keeps views only."""


def add_to(app: typer.Typer) -> None:
    """Add the commands about the audit trail."""
    app.add_typer(audit, name="audit")


@audit.command("verify")
def verify(
    context: typer.Context,
    service: Annotated[str, typer.Argument(help="One service; without it all of them.")] = "",
) -> None:
    """Is every history whole and unchanged, and do the invariants I1-I12 hold? Ends with 6 if not.

    What is under way while this looks may show as a fault: it is one only if it is there the second time as well.
    """
    here = session(context)
    if service and service not in SERVICES:
        raise typer.BadParameter(say(f"layanan {service!r} tidak ada", f"there is no service {service!r}"))
    from services.cli import histories, invariants  # noqa: PLC0415 - a second to load, which no other command needs

    names = (service,) if service else SERVICES
    uri = here.need("MUTASI_MONGO")
    try:
        rows = asyncio.run(histories.examined(uri, names))
        judged = [] if service else invariants.judged(uri, rows, here.client)
    except Unavailable as away:
        raise failure(NO_ANSWER, "NO_ANSWER", f"MongoDB: {away}") from None
    whole = not any(row["faults"] for row in rows) and not any(one.broken for one in judged)
    _show(here, rows, judged, whole=whole)
    if not whole:
        _fail(rows, judged)


def titles() -> dict[str, str]:
    """What each invariant says (domain rules I1-I12), in the order in which they are shown."""
    return {
        "I1": say("satu pejabat aktif per jabatan struktural", "one active holder per structural post"),
        "I2": say("satu jabatan definitif per orang", "one definitive post per person"),
        "I3": say("tiada SK tanpa pejabat yang berwenang", "no decree without its authority"),
        "I4": say("tiada SK tanpa pertek atau pengecualian", "no decree without consideration or waiver"),
        "I5": say("kursi dipesan + terisi tidak melebihi formasi", "seats reserved + held within the formasi"),
        "I6": say("tukar tempat: semua atau tidak sama sekali", "a swap moves all or none"),
        "I7": say("tiada peristiwa diubah", "no event was edited"),
        "I8": say("evaluasi dapat diulang dengan hasil sama", "evaluations repeat to the same answer"),
        "I9": say("tiada yang memutus perkaranya sendiri", "nobody decides on a case they are part of"),
        "I10": say("tiap langkah bernama dan bertenggat", "every step has a holder and a due date"),
        "I11": say("jeda waktu tercatat dengan sebab", "pauses are events with a cause"),
        "I12": say("lepas dan mulai satu fakta", "release and start are one fact"),
    }


def _show(here: Session, rows: list[dict[str, Any]], judged: list["Found"], *, whole: bool) -> None:
    """Histories, invariants, and whatever is wrong with either."""
    says = titles()
    told = [{"id": one.id, "says": says[one.id], "checked": one.checked, "broken": len(one.broken)} for one in judged]
    every = [{**one, "faults": list(found.broken)} for one, found in zip(told, judged, strict=True)]
    shown = [{**row, "broken": len(row["faults"])} for row in rows]
    whole_answer = {"databases": rows, "invariants": every, "whole": whole}
    here.output.rows(whole_answer, shown, "service", "kind", "aggregates", "broken")
    if here.output.as_json:
        return
    if told:
        here.output.rows({}, told, "id", "says", "checked", "broken")
    faults = [{**row, "fault": fault} for row in rows for fault in row["faults"]]
    if faults:
        here.output.rows({}, faults, "service", "kind", "fault")
    broken = [
        {"id": one.id, "where": where, "fault": fault}
        for one in judged
        if one.id != "I7"
        for where, fault in one.broken
    ]
    if broken:
        here.output.rows({}, broken, "id", "where", "fault")


def _fail(rows: list[dict[str, Any]], judged: list["Found"]) -> None:
    """Say which of the two it was. Raises Failure."""
    if faults := sum(len(row["faults"]) for row in rows):
        detail = say(f"{faults} riwayat rusak.", f"{faults} histories are broken.")
        mend = say(
            "Hentikan layanan itu dan bandingkan dengan cadangan.", "Stop that service and compare with a backup."
        )
        raise failure(BROKEN, "HISTORY_BROKEN", detail, mend)
    names = ", ".join(one.id for one in judged if one.broken)
    mend = say(
        "Ulangi sekali: yang sedang berjalan bukan pelanggaran. Bila tetap, periksa perkara yang disebut.",
        "Run it once more: what is under way is no fault. If it stays, look at the cases named.",
    )
    raise failure(BROKEN, "INVARIANT_BROKEN", say(f"Tidak berlaku: {names}.", f"These do not hold: {names}."), mend)
