"""Checks the signature of a PDF against trusted roots, without asking anybody (PAdES, ETSI EN 319 142-1, level B-T).

The signer's certificate is judged at the moment that the time stamp proves, so a short-lived one stays good for ever.
Beyond what validators commonly ask, nothing may stand in the file that no signature covers: not a byte after it, none
in the padding of the signature's own hole, and around the signed parts only what has to be there.
"""

import asyncio
import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Literal

from asn1crypto import cms, pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from shared.kernel.decider import Frozen

Fault = Literal["", "NOT_A_PDF", "NOT_SIGNED", "CHANGED", "NOT_TRUSTED", "NO_TIME"]
for library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(library).setLevel(logging.CRITICAL)  # they write the names of signers; ours carry none
KEYWORD = "sha256:"
LARGEST = 5_000_000
"""Bytes; a decree has about 60,000."""


class Finding(Frozen):
    """What a file says of itself. `fault` is empty when it is genuine: unchanged since a trusted signer signed it.

    `digest` is the hash of the decree's data that the document names (not proven where it is not genuine); `signed_at`
    is the time stamp's.
    """

    fault: Fault
    digest: str = ""
    signer: str = ""
    office: str = ""
    agency: str = ""
    signed_at: datetime | None = None

    @property
    def genuine(self) -> bool:
        """True if the signature holds."""
        return not self.fault


def roots_in(file: Path) -> list[x509.Certificate]:
    """The trusted certificates of a PEM file. Raises OSError, ValueError."""
    return [x509.Certificate.load(der) for _, _, der in pem.unarmor(file.read_bytes(), multiple=True)]


def check(content: bytes, roots: Sequence[x509.Certificate]) -> Finding:
    """Whether the signature holds. Takes about a tenth of a second of one core, and starts a loop of its own: call it
    in a thread or a process."""
    try:
        reader = PdfFileReader(BytesIO(content), strict=True)
        digest, found = _named(reader), list(reader.embedded_signatures)
    except Exception:
        # A file that was tampered with can break a parser in any way; that it is no PDF is all there is to say.
        logging.getLogger(__name__).debug("not a PDF", exc_info=True)
        return Finding(fault="NOT_A_PDF")
    if not found:
        return Finding(fault="NOT_SIGNED", digest=digest)
    try:
        return asyncio.run(_judged(found, roots, digest, content))
    except Exception:
        logging.getLogger(__name__).debug("not a signature", exc_info=True)
        return Finding(fault="CHANGED", digest=digest)


def _named(reader: PdfFileReader) -> str:
    """The hash of the data, from the document's keywords."""
    words = str(reader.trailer_view["/Info"].get("/Keywords", "")).replace(",", " ").split()
    return next((word.removeprefix(KEYWORD) for word in words if word.startswith(KEYWORD)), "")


async def _judged(
    found: Sequence[EmbeddedPdfSignature], roots: Sequence[x509.Certificate], digest: str, content: bytes
) -> Finding:
    signature = found[-1]
    when = _stamped(signature.signer_info)
    if when is None:
        return Finding(fault="NO_TIME", digest=digest)
    then = ValidationContext(trust_roots=list(roots), moment=when, allow_fetching=False)
    now = ValidationContext(trust_roots=list(roots), moment=max(when, datetime.now(UTC)), allow_fetching=False)
    status = await async_validate_pdf_signature(signature, then, now)
    stamp = status.timestamp_validity
    names = signature.signer_cert.subject.native
    said = {
        "digest": digest,
        "signer": str(names.get("common_name", "")),
        "office": str(names.get("title", "")),
        "agency": str(names.get("organization_name", "")),
        "signed_at": when,
    }
    whole = status.intact and status.valid and status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    if not (whole and stamp is not None and stamp.intact and stamp.valid and _nothing_hidden(signature, content)):
        return Finding(fault="CHANGED", **said)
    return Finding(fault="" if status.trusted and stamp.trusted else "NOT_TRUSTED", **said)


def _stamped(signer: cms.SignerInfo) -> datetime | None:
    """The moment of the time stamp, to be proven by validating it."""
    token = _token(signer)
    if token is None:
        return None
    moment: datetime = token["encap_content_info"]["content"].parsed["gen_time"].native
    return moment


def _token(signer: cms.SignerInfo) -> cms.SignedData | None:
    """The time stamp, if nothing else stands beside it."""
    unsigned = signer["unsigned_attrs"]
    kinds = [attribute["type"].native for attribute in unsigned]
    if kinds != ["signature_time_stamp_token"] or len(unsigned[0]["values"]) != 1:
        return None
    return unsigned[0]["values"][0]["content"]


def _nothing_hidden(signature: EmbeddedPdfSignature, content: bytes) -> bool:
    """The hole that the signature stands in holds the signature and nothing else, written in one way only."""
    first, length, second, _ = (int(number) for number in signature.byte_range)
    der: bytes = signature.pkcs7_content
    hole = content[first + length : second]
    end = _length(der)
    strict = cms.ContentInfo.load(der[:end], strict=True)
    written = (b"<" + text.encode() + b">" for text in (der.hex(), der.hex().upper()))
    inner = der[_header(der) + len(strict["content_type"].dump()) : end]
    if hole not in written or der[end:].strip(b"\0") or _length(inner) != len(inner):
        return False
    stamp = _token(signature.signer_info)
    return stamp is not None and all(_plain(data) for data in (strict["content"], stamp))


def _header(der: bytes) -> int:
    """How many bytes the tag and the length of the first value of a DER string take (X.690 8.1.3)."""
    return 2 + (der[1] & 0x7F if der[1] & 0x80 else 0)


def _length(der: bytes) -> int:
    """How many bytes that value takes, with its header."""
    header = _header(der)
    return header + (der[1] if header == 2 else int.from_bytes(der[2:header], "big"))  # noqa: PLR2004 - the short form


def _plain(data: cms.SignedData) -> bool:
    """What stands beside the signed parts is what it has to be (RFC 5652 §5.1, §5.3; RFC 3161 §2.4.2)."""
    signer, digests = data["signer_infos"][0], data["digest_algorithms"]
    version = "v1" if data["encap_content_info"]["content_type"].native == "data" else "v3"
    versions = (data["version"].native, signer["version"].native) == (version, "v1")
    alone = len(data["signer_infos"]) == len(digests) == 1 and digests[0].dump() == signer["digest_algorithm"].dump()
    bare = all(signer[name]["parameters"].native is None for name in ("digest_algorithm", "signature_algorithm"))
    return versions and alone and bare
