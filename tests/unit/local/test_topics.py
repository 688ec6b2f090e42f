"""deploy/topics.yaml says what the architecture says."""

from deploy.local.topics import wanted

MONTH_MS = 30 * 24 * 3600 * 1000


def test_events_are_kept_for_ever() -> None:
    """The five event topics have twelve partitions and never forget."""
    topics = {topic.name: topic for topic in wanted()}
    for name in ("registry", "proposal", "evaluation", "approval", "notification"):
        topic = topics[f"mutasi.{name}"]
        assert (topic.partitions, topic.retention_ms, topic.cleanup) == (12, -1, "delete")


def test_people_and_clock_are_compacted() -> None:
    """A person can be erased by a tombstone; the clock is one value, in one order."""
    topics = {topic.name: topic for topic in wanted()}
    assert (topics["mutasi.people"].partitions, topics["mutasi.people"].cleanup) == (12, "compact")
    assert (topics["mutasi.clock"].partitions, topics["mutasi.clock"].cleanup) == (1, "compact")


def test_each_agency_has_its_door_and_its_refusals() -> None:
    """One partition and thirty days, for the agencies asked for."""
    doors = [topic for topic in wanted(codes=["x"]) if topic.name.startswith("mutasi.agency.")]
    assert [topic.name for topic in doors] == ["mutasi.agency.x", "mutasi.agency.x.refused"]
    assert all((topic.partitions, topic.retention_ms) == (1, MONTH_MS) for topic in doors)
