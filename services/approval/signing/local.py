"""Signs with the keys of a certificate authority of our own: PAdES B-T, for demonstration and tests.

Each signature has a key and a certificate of its own that are forgotten afterwards, as remote providers of short-lived
certificates do it: so no signer's key has to be kept.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from asn1crypto import keys as asn1_keys
from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.generic import NameObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from services.approval.pdf import pool
from services.approval.signing.port import Order

FIELD = "Signature1"
VALID = timedelta(days=1)
NOT_YET = timedelta(minutes=5)
LONGEST_NAME = 64
"""Upper bound of most attributes of a name (RFC 5280, appendix A)."""


class LocalSigner:
    """Signs in the pool, with the authority in this folder (`deploy/local/signing.py` makes one)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def sign(self, paper: bytes, order: Order) -> bytes:
        """The signed PDF."""
        return await asyncio.get_running_loop().run_in_executor(pool(), sign, self._folder, paper, order)


def sign(folder: Path, paper: bytes, order: Order) -> bytes:
    """The paper with one more revision: signature field, signature and time stamp (ETSI EN 319 142-1, level B-T)."""
    # ISO 19005-2 6.1.9: an object begins on a line of its own, and typst ends its file without one.
    writer = IncrementalPdfFileWriter(BytesIO(paper if paper.endswith(b"\n") else paper + b"\n"))
    for page in writer.root["/Pages"]["/Kids"]:
        # PDF/UA-1 7.18.3: a page with an annotation says in which order it is walked through.
        found = page.get_object()
        found[NameObject("/Tabs")] = pdf_name("/S")
        writer.update_container(found)
    metadata = PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        name=order.signer_name,
        location=order.agency_name,
        reason=order.office_name,
    )
    # Out of bounds: PDF/A forbids the hidden flag, and PDF/UA wants a tag for whatever can be seen.
    field = SigFieldSpec(FIELD, on_page=0, invis_sig_settings=InvisSigSettings(box_out_of_bounds=True))
    signer = PdfSigner(metadata, _signer(folder, order), timestamper=_stamper(folder), new_field_spec=field)
    return bytes(signer.sign_pdf(writer).getvalue())


def _signer(folder: Path, order: Order) -> SimpleSigner:
    """A fresh key, certified for this one signature."""
    key = ec.generate_private_key(ec.SECP256R1())
    issuer = x509.load_pem_x509_certificate((folder / "issuer.pem").read_bytes())
    issuer_key = serialization.load_pem_private_key((folder / "issuer.key").read_bytes(), None)
    if not isinstance(issuer_key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{folder}/issuer.key is not of an elliptic curve")
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(issuer.subject, _subject(order), key.public_key(), x509.random_serial_number())
        .not_valid_before(now - NOT_YET)
        .not_valid_after(now + VALID)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(USAGE, critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), critical=False)
        .sign(issuer_key, hashes.SHA256())
    )
    der = serialization.Encoding.DER
    private = key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    store = SimpleCertificateStore.from_certs([_certificate(folder, "issuer")])  # type: ignore[no-untyped-call]
    return SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(der)),
        signing_key=asn1_keys.PrivateKeyInfo.load(private),
        cert_registry=store,
        embed_roots=False,
    )


USAGE = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def _subject(order: Order) -> x509.Name:
    parts = (
        (NameOID.COUNTRY_NAME, "ID"),
        (NameOID.ORGANIZATION_NAME, order.agency_name),
        (NameOID.TITLE, order.office_name),
        (NameOID.COMMON_NAME, order.signer_name or order.office_name),
    )
    return x509.Name([x509.NameAttribute(kind, text[:LONGEST_NAME]) for kind, text in parts])


def _stamper(folder: Path) -> DummyTimeStamper:
    """The local time-stamping authority: it stamps with this machine's clock (RFC 3161)."""
    key = pem.unarmor((folder / "stamper.key").read_bytes())[2]
    return DummyTimeStamper(_certificate(folder, "stamper"), asn1_keys.PrivateKeyInfo.load(key))


def _certificate(folder: Path, name: str) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(pem.unarmor((folder / f"{name}.pem").read_bytes())[2])
