"""Messages on the running system: what people choose, what comes back, and a legal notice that nobody takes."""

import hmac
import json
import re
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.support.providers import REPLIES, SECRET, WORD, Provider
from tests.support.region import Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
BOUNCE = Path(__file__).parents[1] / "data" / "notification" / "bounce-unknown-user.eml"
SAMPLE = "m:0123456789abcdef0123456789abcdef"
HOOK = "/v1/hooks/whatsapp"


def sent(region: Region, login: str, channel: str, template: str, *statuses: str) -> Any:
    """The message of that kind in the person's own list, once it stands as wanted."""

    items: list[Any] = []

    def look() -> Any:
        items[:] = region.get(login, "notification", "/v1/messages")["items"]
        found = [one for one in items if (one["channel"], one["template"]) == (channel, template)]
        return next((one for one in found if one["status"] in statuses), None)

    try:
        return region.until(f"{template} on {channel} is {statuses}", look)
    except AssertionError as late:
        there = [(one["template"], one["channel"], one["status"], one["code"], one["passed_to"]) for one in items]
        raise AssertionError(f"{late}; there is {there}") from None


def join(region: Region, login: str, channel: str, address: str, provider: Provider) -> None:
    """Give an address, read the code that comes there, tell it."""
    begun = len(provider.asked)
    region.until("the service knows who asks", lambda: region.answers(login, "notification", "/v1/contacts"))
    added = region.ask(login, "PUT", "notification", f"/v1/contacts/{channel}", {"address": address})
    assert added.is_success, added.text
    said = region.until("the code", lambda: json.dumps([one.body for one in provider.asked[begun:]])[2:])
    [code] = set(re.findall(r"[A-Z2-7]{5}-[A-Z2-7]{5}", said))
    path = f"/v1/contacts/{channel}/confirm"
    assert region.ask(login, "POST", "notification", path, {"code": "AAAAA-AAAAA"}).json()["code"] == "WRONG_CODE"
    region.post(login, "notification", path, {"code": code.lower()})


def wish(region: Region, login: str, **wishes: object) -> Any:
    """Change the preferences, as soon as the service has heard what they rest on; the answer."""

    def change() -> Any:
        answer = region.ask(login, "PUT", "notification", "/v1/preferences", wishes)
        return None if answer.is_error and answer.json()["code"] == "NOT_VERIFIED" else answer

    return region.until("the wishes are taken", change)


def bounce(region: Region, message: str) -> Any:
    """What Postfix would send back, to the operator's door."""
    content = BOUNCE.read_bytes().replace(SAMPLE[2:].encode(), message[2:].encode())
    headers = {**region.system.headers(region.system.admin), "content-type": "message/rfc822"}
    url = region.system.url("notification") + "/v1/bounces"
    return region.http.post(url, content=content, headers=headers).raise_for_status().json()


def hook(region: Region, name: str, message: str, secret: str = SECRET) -> Any:
    """What Meta tells of a message, signed; without any token."""
    content = (REPLIES / f"whatsapp-hook-{name}.json").read_bytes().replace(SAMPLE.encode(), message.encode())
    signature = "sha256=" + hmac.new(secret.encode(), content, sha256).hexdigest()
    headers = {"content-type": "application/json", "x-hub-signature-256": signature}
    return region.http.post(region.system.url("notification") + HOOK, content=content, headers=headers)


def errand(region: Region, kind: str, person: str) -> Any:
    """The open errand of that kind for a person, as the personnel office of the agency sees it."""

    def look() -> Any:
        items = region.get("palu-personnel-verifier", "notification", "/v1/errands?limit=200")["items"]
        return next((one for one in items if (one["kind"], one["person"]) == (kind, person)), None)

    return region.until(f"{kind} for {person}", look)


def test_a_legal_notice_goes_from_chat_to_mail_to_paper_and_the_mended_address_is_used(region: Region) -> None:
    login = region.colleague()
    join(region, login, "telegram", "900000001", region.telegram)
    assert wish(region, login, channels=["telegram"], off=["task:telegram"]).is_success
    refused = wish(region, login, channels=["telegram"], off=["decision:email"])
    assert (refused.status_code, refused.json()["code"], refused.json()["where"]) == (422, "LEGAL_NOTICE", "off")
    region.until("the wish is known", lambda: region.get(login, "notification", "/v1/preferences")["channels"])

    region.post(login, "notification", "/v1/contacts/telegram/test")
    sent(region, login, "telegram", "contact.tested", "sent")
    case = region.apply(login, region.vacancy())
    sent(region, login, "telegram", "proposal.submitted", "sent")
    assert sent(region, login, "email", "proposal.submitted", "passed")["passed_to"] == "telegram"
    told = "\n".join(str(one.body["text"]) for one in region.telegram.asked)
    assert f"/cases/{case}" in told
    assert region.mails(f"{login}@palu.example", case) == []

    region.telegram.usual = "telegram-502"
    try:
        reason = {"code": "BERKAS_TIDAK_LENGKAP", "reason": "Lampirkan SKP dua tahun terakhir"}
        region.decide(login, case, "direct_superior", decision="return", **reason)
        sent(region, login, "telegram", "proposal.returned", "queued")
        region.advance((region.now() + timedelta(hours=25)).isoformat())
        given_up = sent(region, login, "telegram", "proposal.returned", "undelivered")
    finally:
        region.telegram.usual = "telegram-sent"
    assert (given_up["passed_to"], given_up["legal"]) == ("email", True)
    mail = sent(region, login, "email", "proposal.returned", "sent")
    assert mail["tried"] == ["telegram"]
    region.until("the mail", lambda: region.mails(f"{login}@palu.example", case))

    assert bounce(region, mail["id"]) == {"taken": [mail["id"]], "unknown": []}
    back = sent(region, login, "email", "proposal.returned", "bounced")
    assert (back["passed_to"], back["failure"], back["code"]) == ("paper", "permanent", "5.1.1")
    paper, correct = (errand(region, kind, back["person"]) for kind in ("deliver", "correct"))
    path = f"/v1/errands/{paper['id']}/done"
    early = region.ask("palu-personnel-verifier", "POST", "notification", path, {"on": "2999-01-01", "proof": "TT-1"})
    assert early.json()["code"] == "NOT_YET_DONE"
    proof = {"on": str(region.now().date() - timedelta(days=1)), "proof": "TT-901"}
    region.post("palu-personnel-verifier", "notification", path, proof)
    assert region.ask(login, "POST", "notification", f"/v1/errands/{correct['id']}/done", proof).status_code == 403

    region.post(login, "notification", "/v1/contacts/email/test")
    assert sent(region, login, "email", "contact.tested", "suppressed")["code"] == "SUSPENDED"
    new = f"baru-{login}@palu.example"
    changed = region.ask("palu-registrar", "PATCH", "registry", f"/v1/people/{back['person']}", {"email": new})
    assert changed.is_success, changed.text

    def arrived() -> list[str]:
        region.post(login, "notification", "/v1/contacts/email/test")
        return region.mails(new, "")

    region.until("mail to the new address", arrived)


def test_whatsapp_tells_what_became_of_a_message_and_nobody_else_can(region: Region) -> None:
    login = region.colleague()
    join(region, login, "whatsapp", "0812-0000-0901", region.whatsapp)
    assert region.whatsapp.asked[-1].body["to"] == "6281200000901"
    region.post(login, "notification", "/v1/contacts/whatsapp/test")
    message = sent(region, login, "whatsapp", "contact.tested", "sent")["id"]

    assert hook(region, "delivered", message, secret="guessed").status_code == 403
    assert sent(region, login, "whatsapp", "contact.tested", "sent")["replies"][-1]["text"].startswith("200 wamid.")
    assert hook(region, "delivered", message).json() == {"taken": 1}
    assert sent(region, login, "whatsapp", "contact.tested", "delivered")["seen_at"] is None
    assert hook(region, "read", message).is_success
    region.until("it was seen", lambda: sent(region, login, "whatsapp", "contact.tested", "delivered")["seen_at"])
    assert hook(region, "failed", "m:" + "0" * 32).json() == {"taken": 0}, "a message of another system"

    query = {"hub.mode": "subscribe", "hub.verify_token": WORD, "hub.challenge": "1158201444"}
    url = region.system.url("notification") + HOOK
    assert region.http.get(url, params=query).text == "1158201444"
    assert region.http.get(url, params=query | {"hub.verify_token": "x"}).status_code == 403

    listed = region.get(login, "notification", "/v1/contacts")["contacts"]
    assert {one["channel"]: one["ready"] for one in listed}["matrix"] is False
    off = region.ask(login, "PUT", "notification", "/v1/contacts/matrix", {"address": "@a:b"})
    assert off.json()["code"] == "CHANNEL_OFF"
    assert region.ask(login, "DELETE", "notification", "/v1/contacts/whatsapp").is_success
    assert not any(one["verified"] for one in region.get(login, "notification", "/v1/contacts")["contacts"])
