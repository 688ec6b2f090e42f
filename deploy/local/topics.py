"""Creates the topics of deploy/topics.yaml that are missing; by hand: `python -m deploy.local.topics`."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import yaml
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import TopicAlreadyExistsError, for_code
from pydantic import BaseModel, ConfigDict

from shared.address import reach

FILE = Path(__file__).parent.parent / "topics.yaml"


class Topic(BaseModel):
    """One topic as it has to be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    partitions: int
    replication: int
    retention_ms: int
    cleanup: str
    compacted_ms: int | None = None  # a compacted topic: after so long at most what was replaced or erased is gone
    tombstones_ms: int | None = None  # and a tombstone itself not before so long

    def new(self) -> NewTopic:
        """The same in the words of the admin client."""
        configs = {"retention.ms": str(self.retention_ms), "cleanup.policy": self.cleanup}
        if self.compacted_ms is not None:
            configs["max.compaction.lag.ms"] = str(self.compacted_ms)
        if self.tombstones_ms is not None:
            configs["delete.retention.ms"] = str(self.tombstones_ms)
        replication = int(os.environ.get("MUTASI_REPLICATION") or self.replication)
        return NewTopic(self.name, self.partitions, replication, topic_configs=configs)


def wanted(file: Path = FILE, codes: list[str] | None = None) -> list[Topic]:
    """All topics of the file; `codes` names other agencies than the file does."""
    content: dict[str, Any] = yaml.safe_load(file.read_text())
    defaults, agency = content["defaults"], content["agency"]
    topics = [Topic(name=name, **defaults | own) for name, own in content["topics"].items()]
    for code in agency["codes"] if codes is None else codes:
        names = [name.format(code=code) for name in agency["names"]]
        topics += [Topic(name=name, **defaults | agency["settings"]) for name in names]
    return topics


def agencies(file: Path = FILE) -> list[str]:
    """The codes of the agencies that have a door."""
    return list(yaml.safe_load(file.read_text())["agency"]["codes"])


async def create_missing(address: str, topics: list[Topic] | None = None) -> list[str]:
    """Creates what is not there and returns its names; safe to repeat and to run twice at once."""
    client = AIOKafkaAdminClient(**reach(address))
    await client.start()
    try:
        there = set(await client.list_topics())
        missing = [topic for topic in topics or wanted() if topic.name not in there]
        if not missing:
            return []
        response = await client.create_topics([topic.new() for topic in missing])
    finally:
        await client.close()
    return [name for name, code, *message in response.topic_errors if _created(name, code, message)]


def _created(name: str, code: int, message: list[str | None]) -> bool:
    error = for_code(code)
    if code and error is not TopicAlreadyExistsError:
        raise error(f"{name}: {message}")
    return not code


def main() -> None:
    """Creates the missing topics on MUTASI_KAFKA."""
    created = asyncio.run(create_missing(os.environ["MUTASI_KAFKA"]))
    sys.stdout.write("".join(f"✓ {name}\n" for name in created) or "✓ all topics are there\n")


if __name__ == "__main__":
    main()
