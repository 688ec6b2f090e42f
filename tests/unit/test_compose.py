"""docker-compose.yml is a valid compose file and describes the same system as `make run`."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from deploy.local import access, admit, cache, kafka
from deploy.local.layout import ROOT, Layout
from deploy.local.processes import SERVICES, helpers, services


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The file as compose reads it, without the parts that only serve the others."""
    content: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return content


def _parts(compose: dict[str, Any]) -> dict[str, Any]:
    parts: dict[str, Any] = compose["services"]
    return parts


def test_it_follows_the_compose_schema(compose: dict[str, Any]) -> None:
    """The schema is the one that check-jsonschema carries."""
    schema = files("check_jsonschema") / "builtin_schemas" / "vendor" / "compose-spec.json"
    jsonschema.validate(compose, json.loads(schema.read_text()))
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(compose | {"services": {"kafka": {"imagine": "x"}}}, json.loads(schema.read_text()))


def test_every_service_runs_under_its_own_name(compose: dict[str, Any]) -> None:
    """The module, the port and the stable instance name of each."""
    for name, port in SERVICES.items():
        part = _parts(compose)[name]
        assert part["command"] == ["python", "-m", f"services.{name}"]
        assert part["environment"]["MUTASI_PORT"] == str(port)
        assert part["environment"]["MUTASI_INSTANCE"] == f"{name}-1"
        assert part["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_services_are_told_what_make_run_tells_them(
    compose: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A setting that only one way of starting knows is a service that fails in the other."""
    monkeypatch.setenv("MUTASI_RUN", str(tmp_path))
    layout = Layout.here()
    _, settings = services(layout, helpers(layout)[1])
    # Containers have no authority of their own to sign with: there it takes a provider (docs/decrees.md).
    signing = {"MUTASI_SIGNING_FOLDER", "MUTASI_SIGNING_ROOTS"}
    only_local = {"MUTASI_ACCOUNTS", "MUTASI_MAIL_URL", "MUTASI_RESTORED"} | signing
    told = {"MUTASI_KAFKA", "MUTASI_MONGO", "MUTASI_HOST", "MUTASI_PORT", "MUTASI_INSTANCE"}
    for name in SERVICES:
        assert set(_parts(compose)[name]["environment"]) == (set(settings) - only_local) | told


def test_nothing_is_published_beyond_the_loopback(compose: dict[str, Any]) -> None:
    """The demo has no passwords worth the name."""
    ports = [port for part in _parts(compose).values() for port in part.get("ports", [])]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_images_are_pinned_to_the_versions_we_run(compose: dict[str, Any]) -> None:
    """Each image has a version; the servers have the one of the native stack."""
    parts = _parts(compose)
    assert parts["kafka"]["image"] == f"apache/kafka:{cache.KAFKA_VERSION}"
    assert parts["mongo"]["image"] == f"mongo:{cache.MONGO_VERSION}"
    foreign = [part["image"] for part in parts.values() if "build" not in part]
    assert all(":" in image and not image.endswith(":latest") for image in foreign)


def test_the_broker_has_the_same_settings(compose: dict[str, Any]) -> None:
    """What the native broker is told, the container is told."""
    told = _parts(compose)["kafka"]["environment"]
    for key, value in kafka.SETTINGS.items():
        assert told[kafka.variable(key)] == value


def test_every_service_is_itself_on_the_broker(compose: dict[str, Any], tmp_path: Path) -> None:
    """Each comes in with a password of its own, which one command makes; no door is open without one."""
    made = admit.lines(Layout(tmp_path))
    parts = _parts(compose)
    for name in SERVICES:
        variable = admit.variable(name)
        assert parts[name]["environment"]["MUTASI_KAFKA"] == f"sasl://{name}:${{{variable}}}@kafka:9092"
        assert f"{variable}=" in made
    protocols = parts["kafka"]["environment"]["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"].split(",")
    assert {protocol.partition(":")[2] for protocol in protocols} == {"SASL_PLAINTEXT"}
    known = dict(line.split("=", 1) for line in made.splitlines())
    assert set(admit.told(known)) == {"broker", "operator", *access.wanted()}


def test_who_is_waited_for_can_be_ready(compose: dict[str, Any]) -> None:
    """A condition on the health of a part without a health check would never hold."""
    parts = _parts(compose)
    for part in parts.values():
        for name, how in part.get("depends_on", {}).items():
            assert how["condition"] != "service_healthy" or "healthcheck" in parts[name]
            assert name in parts


def test_what_the_image_copies_is_there() -> None:
    """A path that the build copies and nobody has would end it."""
    words = [line.split() for line in (ROOT / "deploy/docker/Dockerfile").read_text().splitlines()]
    copied = [path for line in words if line[:1] == ["COPY"] and not line[1].startswith("--") for path in line[1:-1]]
    assert {"pyproject.toml", "uv.lock", "services"} <= set(copied)
    assert all((ROOT / path).exists() for path in copied)
