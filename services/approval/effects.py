"""What approval does to the outside: has papers signed, keeps the signed files, erases them, asks authorities."""

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Any, Protocol

from asn1crypto import x509

from services.approval import store
from services.approval.domain import ASK, ERASE, SIGN, History, ToSign
from services.approval.outside import Asking
from services.approval.pdf import Sheet, printed
from services.approval.settings import Settings
from services.approval.sheets import sheet_of, signer_of
from services.approval.signing.local import LocalSigner
from services.approval.signing.port import Order, Signer, SignerAway, SignerRefused
from services.approval.signing.provider import Provider, secrets_in
from shared.runtime.service import Effect, Job, TryAgain
from shared.signature import check, roots_in

# Pauses between attempts, in seconds: the first, doubling, the longest; together about a quarter of an hour.
TRIES, FIRST, LONGEST = 10, 2.0, 300.0
log = logging.getLogger(__name__)
Outcome = Mapping[str, Any]


class Attached(Protocol):
    """A process that is connected to the service's database."""

    db: Any


class Papers:
    """Where signed files are kept: described before the database is connected."""

    def __init__(self) -> None:
        self._db: store.Database | None = None

    async def attach(self, process: Attached) -> Iterable[Coroutine[Any, Any, None]]:
        """From now on, keep them there; nothing runs beside."""
        self._db = process.db
        return ()

    @property
    def db(self) -> store.Database:
        """The service's database. Raises TryAgain before `attach`."""
        if self._db is None:
            raise TryAgain(1.0, "STARTING")
        return self._db

    async def nip_of(self, person: str) -> str:
        """The number of a person, "" for one who was forgotten."""
        found = (await store.people(self.db, [person])).get(person)
        return found.nip if found else ""


class Signing:
    """Has one paper signed. The first signed file that is kept is the one; an answer that comes later is let go."""

    def __init__(self, papers: Papers, signer: Signer, roots: Sequence[x509.Certificate]) -> None:
        self._papers, self._signer, self._roots = papers, signer, roots

    async def run(self, job: Job) -> Outcome:
        """One attempt. Raises TryAgain."""
        wanted, db = ToSign.model_validate(job.data), self._papers.db
        kept = await store.signed(db, wanted.paper)
        if kept is not None:
            return _told(kept)
        found, decided_by = await store.history(db, wanted.decree), await store.granted_by(db, wanted.decree)
        if found is None:
            return self._later(job, "NOT_KNOWN")
        sheet = await sheet_of(db, found, wanted.paper, decided_by)
        if not (sheet.person and sheet.signed_by):
            return self._later(job, "PERSON_NOT_KNOWN")
        plain = await printed(sheet)
        try:
            content = await self._signer.sign(plain, _order(found, wanted.paper, sheet))
        except SignerRefused as no:
            log.warning("signer refused", extra={"paper": wanted.paper, "code": no.code, "said": no.said})
            return {"code": no.code}
        except SignerAway:
            return self._later(job, "SIGNER_AWAY")
        return await self._keep(wanted.paper, signer_of(found, wanted.paper, decided_by), plain, content)

    async def _keep(self, paper: str, by: str, plain: bytes, content: bytes) -> Outcome:
        """What came back must be our paper and nothing but it, validly signed."""
        finding = await asyncio.to_thread(check, content, self._roots)
        if not content.startswith(plain) or not finding.genuine or finding.signed_at is None:
            log.error("signer answered with something else", extra={"paper": paper, "fault": finding.fault})
            return {"code": "SIGNER_BAD_ANSWER"}
        file = {"sha256": sha256(content).hexdigest(), "signed_at": finding.signed_at.isoformat(), "by": by}
        return _told(await store.keep_signed(self._papers.db, paper, content, file))

    def _later(self, job: Job, code: str) -> Outcome:
        if job.attempt >= TRIES:
            return {"code": code}
        raise TryAgain(min(FIRST * 2.0 ** (job.attempt - 1), LONGEST), code)


class Erasing:
    """Erases a signed file."""

    def __init__(self, papers: Papers) -> None:
        self._papers = papers

    async def run(self, job: Job) -> Outcome:
        """Erasing what is gone already is harmless."""
        await store.erase_signed(self._papers.db, ToSign.model_validate(job.data).paper)
        return {}


def _order(found: History, paper: str, sheet: Sheet) -> Order:
    return Order(
        paper=paper,
        agency=found.issued.agency,
        office=found.issued.signatory,
        agency_name=sheet.agency,
        office_name=sheet.signatory,
        signer_name=sheet.signed_by,
    )


def _told(file: Mapping[str, Any]) -> Outcome:
    return {name: file[name] for name in ("sha256", "signed_at", "by")} if "sha256" in file else {"code": "ERASED"}


class Nobody:
    """Where no signer is set up: what was asked for before it was taken away is refused, and may be asked again."""

    async def sign(self, _paper: bytes, _order: Order, /) -> bytes:
        """Raises SignerRefused."""
        raise SignerRefused("SIGNING_OFF")


def effects(papers: Papers, settings: Settings) -> dict[str, Effect]:
    """The effects by kind of work. A crash in between is repeated: the first kept file counts, and a request to an
    authority is the same request. Raises OSError."""
    signing = Signing(papers, _signer(settings), roots_in(settings.roots) if settings.roots else [])
    return {
        SIGN: Effect(signing.run, lease=settings.signing_timeout + 60.0, parallel=4),
        ERASE: Effect(Erasing(papers).run, lease=30.0),
        ASK: Effect(Asking(papers.nip_of, settings.outside).run, lease=60.0, parallel=4),
    }


def _signer(settings: Settings) -> Signer:
    if settings.signing_url and settings.signing_secrets:
        return Provider(settings.signing_url, secrets_in(settings.signing_secrets), settings.signing_timeout)
    return LocalSigner(settings.signing_folder) if settings.signing_folder else Nobody()
