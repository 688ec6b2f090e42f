"""Sends one record with a header whose name is Latin-1, as a client in another language may."""

import asyncio
import sys

from aiokafka import AIOKafkaProducer

from shared.address import reach


class Latin(str):
    """Text that encodes itself as Latin-1."""

    __slots__ = ()

    def encode(self, *_: str) -> bytes:
        """Never UTF-8."""
        return str.encode(self, "latin-1")


async def main(servers: str, topic: str, partition: str) -> None:
    """One record. Needs aiokafka without its C parts, which check the type of the name."""
    producer = AIOKafkaProducer(**reach(servers))
    await producer.start()
    headers = [(Latin("jabatan-\u00e9"), b"x")]
    await producer.send_and_wait(topic, b"foreign", partition=int(partition), headers=headers)
    await producer.stop()


asyncio.run(main(*sys.argv[1:]))
