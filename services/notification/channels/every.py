"""Every channel of this installation, as its settings make it."""

from collections.abc import Callable, Mapping

from pydantic import SecretStr

from services.notification.channels.email import Email
from services.notification.channels.longtail import LongTail
from services.notification.channels.matrix import Matrix
from services.notification.channels.off import Off
from services.notification.channels.port import Channel
from services.notification.channels.smtp import Pool
from services.notification.channels.telegram import Telegram
from services.notification.channels.web import Web
from services.notification.channels.whatsapp import WhatsApp
from services.notification.settings import Settings


def _web(settings: Settings, name: str, base: str, token: str = "") -> Web:
    return Web(
        name,
        base,
        headers={"authorization": f"Bearer {token}"} if token else {},
        connections=settings.chat_connections,
        seconds=settings.chat_timeout,
        wait=settings.smtp_queue_timeout,
    )


def _matrix(settings: Settings) -> Channel:
    web = _web(settings, "matrix", settings.matrix_url, settings.matrix_token.get_secret_value())
    return Matrix(web, settings.matrix_server)


def _telegram(settings: Settings) -> Channel:
    base = f"{settings.telegram_url}/bot{settings.telegram_token.get_secret_value()}/"
    return Telegram(_web(settings, "telegram", base))


def _whatsapp(settings: Settings) -> Channel:
    base = f"{settings.whatsapp_url}/{settings.whatsapp_number}/"
    web = _web(settings, "whatsapp", base, settings.whatsapp_token.get_secret_value())
    return WhatsApp(web, settings.whatsapp_template)


def _longtail(settings: Settings) -> Channel:
    url = settings.apprise_url.get_secret_value()
    return LongTail(url, connections=settings.chat_connections, wait=settings.smtp_queue_timeout)


_CHAT: Mapping[str, tuple[Callable[[Settings], SecretStr], Callable[[Settings], Channel]]] = {
    "matrix": (lambda given: given.matrix_token, _matrix),
    "telegram": (lambda given: given.telegram_token, _telegram),
    "whatsapp": (lambda given: given.whatsapp_token, _whatsapp),
    "apprise": (lambda given: given.apprise_url, _longtail),
}


def ready(settings: Settings) -> frozenset[str]:
    """The chat channels that are set up."""
    return frozenset(name for name, (secret, _) in _CHAT.items() if secret(settings).get_secret_value())


def channels(settings: Settings) -> tuple[Channel, ...]:
    """All of them; those that are not set up refuse."""
    email = Email(Pool(settings), settings.mail_from)
    on = ready(settings)
    return (email, *(make(settings) if name in on else Off(name) for name, (_, make) in _CHAT.items()))
