"""A certificate authority for demonstration and tests: a root, an issuer of signers' certificates, a time stamper.

Made once, beside the data of a running system, never in the clone. Whoever has the folder can sign as anybody: it
stands for the national provider, it does not replace it.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ROOT, ISSUER, STAMPER = "root", "issuer", "stamper"
YEARS = timedelta(days=3650)
NOT_YET = timedelta(days=1)
"""Clocks of two machines differ."""


def authority(folder: Path) -> Path:
    """The folder with `root.pem`, `issuer.pem`, `stamper.pem` and their `.key` files; made when it is not there."""
    if not (folder / f"{STAMPER}.pem").exists():
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        root = _make(folder, ROOT, "Akar Uji mutasi", None)
        _make(folder, ISSUER, "Penerbit Sertifikat Uji mutasi", root)
        _make(folder, STAMPER, "Penanda Waktu Uji mutasi", root)
    return folder


Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Pair = tuple[x509.Certificate, Key]


def _make(folder: Path, name: str, title: str, parent: Pair | None) -> Pair:
    key = _key(name)
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "ID"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "mutasi (uji)"),
            x509.NameAttribute(NameOID.COMMON_NAME, title),
        ]
    )
    issuer, signing_key = (parent[0].subject, parent[1]) if parent else (subject, key)
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - NOT_YET)
        .not_valid_after(now + YEARS)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
    )
    builder = _stamping(builder) if name == STAMPER else _issuing(builder, 1 if name == ROOT else 0)
    certificate = builder.sign(signing_key, hashes.SHA256())
    secret = folder / f"{name}.key"
    secret.touch(0o600)
    unlocked = serialization.NoEncryption()
    secret.write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, unlocked))
    (folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return certificate, key


def _key(name: str) -> Key:
    """The library's time stamper knows RSA only; the others are smaller and quicker."""
    return rsa.generate_private_key(65537, 3072) if name == STAMPER else ec.generate_private_key(ec.SECP256R1())


def _issuing(builder: x509.CertificateBuilder, depth: int) -> x509.CertificateBuilder:
    return builder.add_extension(x509.BasicConstraints(ca=True, path_length=depth), critical=True).add_extension(
        _usage(issues=True), critical=True
    )


def _stamping(builder: x509.CertificateBuilder) -> x509.CertificateBuilder:
    """RFC 3161 §2.3: this one purpose, and marked critical."""
    return (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(issues=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    )


def _usage(*, issues: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not issues,
        content_commitment=not issues,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=issues,
        crl_sign=issues,
        encipher_only=False,
        decipher_only=False,
    )
