"""The Matrix channel against a real homeserver, read by another client."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from services.notification.channels.every import channels
from services.notification.channels.matrix import Matrix
from services.notification.effects import Sending, Sources
from services.notification.settings import Settings
from shared.runtime.service import Job, TryAgain
from tests.support.synapse import SERVER, running_synapse
from tests.unit.notification.samples import NOW
from tests.unit.notification.smtpd import SITI, Desk, Known, known_links

pytestmark = [pytest.mark.wide, pytest.mark.integration, pytest.mark.timeout(600)]


async def test_a_repeat_is_one_message_and_a_dead_server_is_asked_again(tmp_path: Path) -> None:
    with running_synapse(tmp_path, "mutasi", "siti", "budi") as synapse:
        token = SecretStr(synapse.token("mutasi"))
        settings = Settings(matrix_url=synapse.url, matrix_server=SERVER, matrix_token=token)
        channel = next(one for one in channels(settings) if isinstance(one, Matrix))
        known = Known({"p901": SITI, "p902": SITI})
        effect = Sending(Sources(known, known_links(), Desk()), channel, settings, legal=False, spread=lambda: 1.0)

        async def send(message: str, user: str = "siti") -> Any:
            known.chat = {"matrix": f"@{user}:{SERVER}"}
            data = {"message": message, "person": "p901", "template": "proposal.refused", "page": "cases/c1"}
            return await effect.run(Job("send-1", message, "matrix", data | {"values": {"case": "c1"}}, 1, NOW))

        first = await send("m:1")
        assert (first["result"], first["reply"]["text"][:5]) == ("sent", "200 $")
        assert (await send("m:1"))["reply"]["text"] == first["reply"]["text"], "the same event: nothing twice"
        await send("m:2")
        await send("m:3", "budi")
        siti, budi = synapse.read("siti"), synapse.read("budi")
        assert siti[0][1] == first["reply"]["text"].removeprefix("200 ")
        assert (len(siti), len(budi)) == (2, 1)
        assert len({room for room, _, _ in siti}) == 1, "one room per person, found again"
        assert {room for room, _, _ in siti}.isdisjoint(room for room, _, _ in budi)
        assert all("/cases/c1" in body and "Siti" not in body for _, _, body in siti)
        synapse.server.kill9()
        with pytest.raises(TryAgain, match="UNREACHABLE"):
            await send("m:4")
        synapse.server.start()
        synapse.server.wait_ready()
        assert (await send("m:4"))["result"] == "sent"
        await channel.web.close()
