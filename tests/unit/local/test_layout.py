"""Ports are chosen free and remembered; the settings can be read back."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.layout import Layout
from deploy.local.problems import Code, Problem
from deploy.local.process import LOOPBACK, free_port


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """An empty folder."""
    monkeypatch.setenv("MUTASI_RUN", str(tmp_path))
    return Layout.here()


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody listens on."""
    with socket.create_server((LOOPBACK, 0)) as server:
        yield int(server.getsockname()[1])


def test_a_port_is_remembered(layout: Layout) -> None:
    """The second start uses the port of the first, whatever is wished then."""
    first = layout.port("idp", free_port())
    assert layout.port("idp", free_port()) == first
    assert json.loads((layout.home / "ports.json").read_text()) == {"idp": first}


def test_a_taken_wish_gives_way(layout: Layout, taken: int) -> None:
    """Nobody has to free a port for the demo."""
    assert layout.port("idp", taken) != taken


def test_two_processes_never_share_a_port(layout: Layout) -> None:
    """A wish that is promised to another process gives way as well."""
    wish = free_port()
    assert layout.port("one", wish) == wish
    assert layout.port("two", wish) != wish


def test_a_named_port_that_is_taken_is_a_problem(layout: Layout, taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who names a port gets it or hears why not."""
    monkeypatch.setenv("MUTASI_PORT_IDP", str(taken))
    with pytest.raises(Problem, match=str(taken)) as caught:
        layout.port("idp", 0)
    assert caught.value.code is Code.PORT


def test_settings_survive_the_shell(layout: Layout) -> None:
    """A MongoDB address has characters that a shell would take for its own."""
    settings = {"MUTASI_MONGO": "mongodb://127.0.0.1:1/?a=b&c=d", "X": "it's"}
    layout.write_env(settings)
    assert layout.read_env() == settings
