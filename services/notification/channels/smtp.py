"""A few connections to the mail server, kept and used again; every end of a sending has its own exception."""

import asyncio
import re
import time

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from services.notification.channels.port import NotSent, PutOff, Rejected, Unanswered, Unreachable
from services.notification.settings import Settings

# A server may close an idle connection after minutes; older ones are not trusted with a message.
IDLE = 30.0
CLOSING, TEMPORARY, PERMANENT, END = 421, 400, 500, 600
_ENHANCED = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")


class Pool:
    """Connections to one server. `send` returns when the server has taken the message (250)."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._idle: list[tuple[float, SMTP]] = []
        self._gate = asyncio.Semaphore(settings.smtp_connections)

    async def send(self, sender: str, recipient: str, content: bytes) -> str:
        """Hand one message over; the server's answer. Raises Unreachable, PutOff, Rejected, Unanswered."""
        try:
            async with asyncio.timeout(self.settings.smtp_queue_timeout):
                await self._gate.acquire()
        except TimeoutError:
            raise Unreachable("BUSY") from None
        try:
            client = await self._client()
            try:
                answer = await self._hand_over(client, sender, recipient, content)
            except (PutOff, Rejected):
                await self._reset(client)
                raise
            except BaseException:
                client.close()
                raise
            self._keep(client)
            return answer
        finally:
            self._gate.release()

    async def close(self) -> None:
        """Close what is idle."""
        while self._idle:
            self._idle.pop()[1].close()

    def _keep(self, client: SMTP) -> None:
        self._idle.append((time.monotonic(), client))

    async def _client(self) -> SMTP:
        while self._idle:
            since, client = self._idle.pop()
            if client.is_connected and time.monotonic() - since < IDLE:
                return client
            client.close()
        return await self._connect()

    async def _connect(self) -> SMTP:
        given = self.settings
        client = SMTP(
            hostname=given.smtp_host,
            port=given.smtp_port,
            timeout=given.smtp_timeout,
            local_hostname=given.mail_from.rpartition("@")[2],
            use_tls=given.smtp_tls == "implicit",
            start_tls={"required": True, "never": False, "implicit": False}.get(given.smtp_tls),
            cert_bundle=given.smtp_ca or None,
            username=given.smtp_user or None,
            password=given.smtp_password.get_secret_value() or None,
        )
        try:
            await client.connect()
        except (SMTPException, OSError):
            client.close()
            raise Unreachable("UNREACHABLE") from None
        return client

    async def _hand_over(self, client: SMTP, sender: str, recipient: str, content: bytes) -> str:
        try:
            await client.mail(sender)
            await client.rcpt(recipient)
        except SMTPResponseException as answer:
            raise _refusal(answer) from None
        except (SMTPException, OSError):
            raise Unreachable("UNREACHABLE") from None
        try:
            async with asyncio.timeout(self.settings.smtp_reply_timeout):
                code, said = await client.data(content, timeout=self.settings.smtp_reply_timeout)
        except SMTPResponseException as answer:
            if not TEMPORARY <= answer.code < END:
                raise Unanswered from None
            raise _refusal(answer) from None
        except Exception:
            # Whatever it was, the message may be with the server: only an answer would have told.
            raise Unanswered from None
        return f"{code} {said}"

    async def _reset(self, client: SMTP) -> None:
        """Make a connection that carried a refused message fit for the next one."""
        try:
            await client.rset()
        except (SMTPException, OSError):
            client.close()
        else:
            self._keep(client)


def _refusal(answer: SMTPResponseException) -> NotSent:
    """The server's no, as an exception."""
    found, said = _ENHANCED.search(answer.message), f"{answer.code} {answer.message}"
    code = f"SMTP_{answer.code}" + (f"_{found[0]}" if found else "")
    if answer.code == CLOSING or not TEMPORARY <= answer.code < END:
        return Unreachable("UNREACHABLE", said)
    return Rejected(code, said) if answer.code >= PERMANENT else PutOff(code, said)
