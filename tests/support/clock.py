"""Domain time of a test's own system."""

import json
import time
from datetime import timedelta

from aiokafka import AIOKafkaProducer

from shared.address import reach


async def tell_time(servers: str, shift: timedelta) -> None:
    """Domain time is so far from real time from now on."""
    clock = {"at": time.time(), "offset": shift.total_seconds(), "rate": 1}
    producer = AIOKafkaProducer(**reach(servers))
    await producer.start()
    await producer.send_and_wait("mutasi.clock", json.dumps(clock).encode(), key=b"clock", partition=0)
    await producer.stop()
