"""A service that is not told what it needs does not start, and says in one line what to do."""

import pytest
from pydantic import ValidationError

from shared.host.settings import Settings

GIVEN = {
    "MUTASI_KAFKA": "127.0.0.1:9092",
    "MUTASI_MONGO": "mongodb://user:secret@127.0.0.1/?replicaSet=rs0",
    "MUTASI_PORT": "8101",
    "MUTASI_ISSUER": "http://127.0.0.1:8100",
    "MUTASI_JWKS_URL": "http://127.0.0.1:8100/jwks",
}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in GIVEN.items():
        monkeypatch.setenv(name, value)


def test_defaults_are_local() -> None:
    settings = Settings.load()
    assert (settings.host, settings.port, settings.audience) == ("127.0.0.1", 8101, "mutasi")
    assert settings.mongo.get_secret_value() == GIVEN["MUTASI_MONGO"]
    assert "secret" not in repr(settings).replace("SecretStr", "")


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        setattr(Settings.load(), "port", 1)  # noqa: B010  mypy would not let us otherwise


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_what_is_missing_is_named_with_its_remedy(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(SystemExit) as ended:
        Settings.load()
    line = str(ended.value)
    assert line.startswith(f"{name} is missing: set it to ")
    assert "\n" not in line


@pytest.mark.parametrize(
    ("name", "value"), [("MUTASI_PORT", "http"), ("MUTASI_LOG_LEVEL", "loud"), ("MUTASI_KAFKA", "")]
)
def test_what_is_wrong_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SystemExit, match=f"{name} is not usable"):
        Settings.load()
