"""What a city's own program offers at its public door."""

from datetime import UTC, datetime, timedelta
from typing import Any

BEGIN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Domain time at the start, whatever the day of the test: nine in the morning in Palu, when Rina applies."""
TARGET = "p:palu:uji-penelaah"
"""A post with seats for all tests: those of the demo region are soon taken."""
Headers = list[tuple[str, bytes]]


def offer(reference: str, *, quota: int = 1, post: str = TARGET) -> dict[str, Any]:
    """A vacancy as the city's program words it."""
    closes_on = str((BEGIN + timedelta(days=800)).date())
    return {
        "agency": "palu", "post": post, "quota": quota, "closes_on": closes_on, "reference": reference,
        "purpose": "Antrean layanan: beban kerja 6, pegawai 3",
    }  # fmt: skip


def stranger(id: str) -> Headers:
    """CloudEvents headers of the city's program."""
    return [
        ("ce_specversion", b"1.0"), ("ce_id", id.encode()), ("ce_source", b"https://simpeg.palu.example"),
        ("ce_type", b"mutasi.vacancy.offered.v1"), ("content-type", b"application/json"),
    ]  # fmt: skip
