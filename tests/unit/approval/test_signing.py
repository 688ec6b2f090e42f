"""Signed files: what is genuine, and that one changed byte is found wherever it stands."""

import asyncio
import base64
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from deploy.local.signing import authority
from services.approval.pdf import render
from services.approval.signing.local import sign
from services.approval.signing.port import SignerAway, SignerRefused
from services.approval.signing.provider import Provider, Secret, Secrets
from shared.signature import check, roots_in
from tests.support.esign import ORDER, PASSPHRASE, PASSWORD, USER, Esign, Mood, running
from tests.unit.approval.test_pdf import SHEET

PLAIN = render(SHEET)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def signed(folder: Path) -> bytes:
    return sign(folder, PLAIN, ORDER)


def fault(content: bytes, folder: Path) -> str:
    return check(content, roots_in(folder / "root.pem")).fault


def test_a_signed_paper_says_who_signed_it_for_whom_and_when(folder: Path, signed: bytes) -> None:
    found = check(signed, roots_in(folder / "root.pem"))
    assert found.genuine
    assert signed.startswith(PLAIN), "an incremental update: what was printed stays byte for byte"
    assert (found.signer, found.office, found.agency) == (ORDER.signer_name, ORDER.office_name, ORDER.agency_name)
    assert found.digest == SHEET.digest
    assert found.signed_at is not None


def test_the_keys_are_not_readable_by_others_and_are_made_once(folder: Path) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert {file.stat().st_mode & 0o077 for file in folder.glob("*.key")} == {0}
    assert {file.name: file.read_bytes() for file in authority(folder).iterdir()} == before


def test_what_is_not_signed_or_not_by_whom_we_trust(
    folder: Path, signed: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    stranger = authority(tmp_path_factory.mktemp("stranger"))
    assert fault(signed, stranger) == "NOT_TRUSTED"
    assert check(signed, []).fault == "NOT_TRUSTED"
    assert fault(PLAIN, folder) == "NOT_SIGNED"
    assert fault(b"%PDF-1.7 nothing", folder) == fault(b"", folder) == "NOT_A_PDF"


def test_one_changed_byte_is_found(folder: Path, signed: bytes) -> None:
    """Anywhere in the file, and more often where the signature itself stands; all of them: docs/decrees.md."""
    chance = random.Random(9)
    begin = signed.index(b"/Contents <")
    places = [chance.randrange(len(signed)) for _ in range(25)]
    places += [chance.randrange(begin, signed.index(b">", begin)) for _ in range(25)]
    for place in places:
        changed = bytearray(signed)
        changed[place] ^= 1 << chance.randrange(8)
        assert fault(bytes(changed), folder), place
    assert fault(signed + b"\n", folder) == "CHANGED", "nothing may be added behind it either"


def test_the_signature_may_not_reach_into_its_padding(folder: Path, signed: bytes) -> None:
    """The one of all changes of one bit in the signature that went unnoticed: the length of the outermost value."""
    low = signed.index(b"/Contents <") + len(b"/Contents <") + 6
    for bit in range(8):
        length = f"{int(signed[low : low + 2], 16) ^ 1 << bit:02X}".encode()
        assert fault(signed[:low] + length + signed[low + 2 :], folder), bit


@pytest.fixture
async def esign(folder: Path) -> AsyncIterator[Esign]:
    other = render(SHEET.model_copy(update={"number": "2"}))
    async with running(Esign(folder, other, pause=0.5)) as provider:
        yield provider


def provider(esign: Esign, timeout: float = 60.0, office: str = "palu/ppk") -> Provider:
    official = Secret(nik="7271000000000901", passphrase=SecretStr(PASSPHRASE))
    return Provider(esign.url, Secrets(user=USER, password=SecretStr(PASSWORD), officials={office: official}), timeout)


async def test_the_provider_is_asked_in_its_own_shape(esign: Esign, folder: Path) -> None:
    content = await provider(esign).sign(PLAIN, ORDER)
    assert content.startswith(PLAIN)
    assert (await asyncio.to_thread(check, content, roots_in(folder / "root.pem"))).genuine
    (said,) = esign.asked
    assert (said["nik"], said["signatureProperties"][0]["tampilan"]) == ("7271000000000901", "INVISIBLE")
    assert base64.b64decode(said["file"][0]) == PLAIN


@pytest.mark.parametrize("mood", ["late", "busy"])
async def test_a_late_or_busy_provider_is_asked_again(esign: Esign, mood: Mood) -> None:
    esign.moods = [mood]
    with pytest.raises(SignerAway):
        await provider(esign, timeout=0.05 if mood == "late" else 60.0).sign(PLAIN, ORDER)


@pytest.mark.parametrize(
    ("mood", "code"), [("refuses", "SIGNER_REFUSED"), ("denies", "SIGNER_DENIED_US"), ("nonsense", "SIGNER_BAD_ANSWER")]
)
async def test_a_provider_that_refuses_is_not_asked_again(esign: Esign, mood: Mood, code: str) -> None:
    esign.moods = [mood]
    with pytest.raises(SignerRefused) as refused:
        await provider(esign).sign(PLAIN, ORDER)
    assert refused.value.code == code
    assert PASSPHRASE not in str(refused.value) + refused.value.said


async def test_an_office_without_secrets_and_a_provider_that_is_gone(esign: Esign) -> None:
    with pytest.raises(SignerRefused, match="SIGNER_UNKNOWN"):
        await provider(esign, office="palu/other").sign(PLAIN, ORDER)
    assert esign.asked == []
    esign.url = "http://127.0.0.1:9"
    with pytest.raises(SignerAway):
        await provider(esign).sign(PLAIN, ORDER)
