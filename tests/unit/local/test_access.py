"""deploy/access.yaml allows what the services do, and no more; passwords are made once and kept from others."""

import importlib
from pathlib import Path

import pytest

from deploy.local import access, topics
from deploy.local.processes import SERVICES
from shared.runtime.clock import TOPIC as CLOCK
from shared.runtime.service import Service


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_may_do_what_it_says_of_itself(name: str) -> None:
    """Reads: what its consumers subscribe to and the clock, the agencies' doors for who has one. Writes: its topic if
    it decides anything, those it names for single events, and those that an event names for itself."""
    app = importlib.import_module(f"services.{name}.app").app
    service: Service = app.service
    may, codes = access.wanted()[name], topics.agencies()
    doors = {f"mutasi.agency.{code}" for code in codes}
    assert set(may.reads) == {*service.reads, CLOCK} | (doors if app.doors else set())
    told = {f"{door}.refused" for door in doors} if app.doors else set()
    assert set(may.writes) == ({service.topic} if service.deciders else set()) | set(service.topic_of.values()) | told
    assert may.group == f"mutasi.{name}"


def test_an_agency_may_use_its_own_door_and_nothing_else() -> None:
    found = access.wanted(codes=["palu", "kota-bandung"])
    assert found["agency.palu"] == access.Access(
        reads=("mutasi.agency.palu.refused",), writes=("mutasi.agency.palu",), group="agency.palu"
    )
    assert found["agency.kota-bandung"].writes == ("mutasi.agency.kota-bandung",)


def test_who_is_named_is_on_the_broker() -> None:
    """Every topic of the file is one that we create."""
    there = {topic.name for topic in topics.wanted()}
    assert {topic for may in access.wanted().values() for topic in (*may.reads, *may.writes)} <= there


def test_passwords_are_made_once_and_only_their_owner_reads_them(tmp_path: Path) -> None:
    file = tmp_path / "data" / "passwords.json"
    first = access.passwords(file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert set(first) == {access.BROKER, access.OPERATOR, *access.wanted()}
    assert len(set(first.values())) == len(first)
    file.write_text(file.read_text().replace('"portal"', '"gone"'))
    again = access.passwords(file)
    assert {user: again[user] for user in first if user != "portal"} == {
        user: password for user, password in first.items() if user != "portal"
    }
    assert again["portal"]
