"""The copy of a decree is fetched with a ticket for that paper and person, by size, and never waited for in vain."""

import time

import pytest

from services.notification.papers import PaperAway, Papers
from shared.host.ticket import GOOD_FOR, HEADER, good, ticket
from tests.support.providers import standing_in

PATH = "/v1/decrees/d1/copy/p901"


async def test_a_paper_is_fetched_with_its_ticket_and_a_large_one_is_left_to_the_link() -> None:
    with standing_in("matrix-sent") as desk:
        papers = Papers(desk.url + "/", "secret", 10_000)
        content = await papers.copy("d1", "p901")
        assert content.startswith(b"{")
        assert [(one.method, one.path) for one in desk.asked] == [("GET", PATH)]
        assert good("secret", PATH, desk.asked[0].headers[HEADER.lower()], time.time())
        await papers.close()
        exact = Papers(desk.url, "secret", len(content))
        small = Papers(desk.url, "secret", len(content) - 1)
        assert (await exact.copy("d1", "p901"), await small.copy("d1", "p901")) == (content, b"")
        assert await Papers(desk.url, "", 10_000).copy("d1", "p901") == b"", "no secret, no attachment"
        assert len(desk.asked) == 3
        for usual in ("telegram-502", "matrix-forbidden", "drop"):
            desk.usual = usual
            with pytest.raises(PaperAway):
                await exact.copy("d1", "p901")
        await exact.close()
        await small.close()
    gone = Papers(desk.url, "secret", 10_000)
    with pytest.raises(PaperAway):
        await gone.copy("d1", "p901")
    await gone.close()


def test_a_ticket_opens_one_path_for_a_minute() -> None:
    made = ticket("secret", PATH, 1_800_000_000.9)
    until = 1_800_000_000 + GOOD_FOR
    assert good("secret", PATH, made, 1_800_000_000)
    assert good("secret", PATH, made, until)
    assert not good("secret", PATH, made, until + 1)
    assert not good("secret", PATH, made, until - 3 * GOOD_FOR), "made for longer than it may be"
    assert not good("other", PATH, made, until)
    assert not good("secret", PATH.replace("p901", "p902"), made, until)
    assert not good("", PATH, ticket("", PATH, 1_800_000_000), until)
    for bent in ("", ".", made[:-1], made + "0", made.replace("18", "19", 1), made.upper(), "x" * 75):
        assert not good("secret", PATH, bent, until)
