"""An agency's own program offers a vacancy, or changes one; needs aiokafka only.

MUTASI_KAFKA=sasl://agency.palu:PASSWORD@HOST:PORT python publish.py palu mutasi.vacancy.offered.v1 vacancy.json

Prints the id of the event, by which mutasi.agency.palu.refused names it should it be refused. The same id again is the
same event: a program that does not know whether the first one arrived sends it again (fourth argument).
"""

import asyncio
import os
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit

from aiokafka import AIOKafkaProducer


async def publish(agency: str, type: str, data: bytes, id: str) -> None:
    """One event, CloudEvents 1.0 in binary mode: what it is stands in the headers, the data in the record."""
    address = urlsplit(os.environ["MUTASI_KAFKA"])
    headers = {
        "ce_specversion": "1.0",
        "ce_id": id,
        "ce_source": f"https://simpeg.{agency}.example",
        "ce_type": type,
        "content-type": "application/json",
    }
    producer = AIOKafkaProducer(
        bootstrap_servers=f"{address.hostname}:{address.port}",
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="SCRAM-SHA-512",
        sasl_plain_username=address.username,
        sasl_plain_password=address.password,
        enable_idempotence=True,
    )
    await producer.start()
    try:
        raw = [(name, value.encode()) for name, value in headers.items()]
        await producer.send_and_wait(f"mutasi.agency.{agency}", data, id.encode(), headers=raw)
    finally:
        await producer.stop()


def main(agency: str, type: str, file: str, id: str = "") -> None:
    """The event with the data of that file; a new one unless an id is named."""
    id = id or str(uuid.uuid4())
    asyncio.run(publish(agency, type, Path(file).read_bytes(), id))
    print(id)


if __name__ == "__main__":
    main(*sys.argv[1:])
