"""JSON logs: ids from the context on every line, and never a name, a number of a person or a secret."""

import logging
import re
import sys
from collections.abc import Mapping
from typing import TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor

_SECRET = frozenset({"name", "nip", "email", "token", "authorization", "body", "data"})
_HIDDEN = "[redacted]"
_NOISY = ("aiokafka", "pymongo", "faststream")
_KEPT = 1000  # different sentences whose last time is remembered
_PERSONAL = re.compile(
    r"(?<!\d)\d{8} ?\d{6} ?\d ?\d{3}(?!\d)"  # a NIP, also in its groups
    r"|[\w.+-]+@[\w-]+\.[\w.-]+"
    r"|eyJ[\w-]{8,}\.[\w.-]*"  # a token
    r"|(?<=input_value=).*?(?=, input_type)",  # what pydantic's errors quote
    re.DOTALL,
)


def redact(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Hide personal data by key at any depth, and by form in any text."""
    return {key: _clean(key, value) for key, value in event.items()}


def _clean(key: object, value: object) -> object:
    if str(key).lower() in _SECRET:
        return _HIDDEN
    match value:
        case Mapping():
            return {inner: _clean(inner, held) for inner, held in value.items()}
        case list() | tuple():
            return [_clean("", held) for held in value]
        case bool() | float() | None:
            return value
        case int():
            return _HIDDEN if _PERSONAL.fullmatch(str(value)) else value
    return _PERSONAL.sub(_HIDDEN, str(value))


def _render(_logger: object, _method: str, event: EventDict) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


class OncePerSecond(logging.Filter):
    """A library that cannot reach its server says so many times a second; once is enough, the rest slows the server."""

    def __init__(self) -> None:
        super().__init__()
        self._said: dict[tuple[str, object], float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """False for the same words of the same library within a second. What we say ourselves is always kept."""
        key = (record.name, record.msg)
        if not record.name.startswith(_NOISY):
            return True
        if record.created - self._said.get(key, 0.0) < 1.0:
            return False
        if len(self._said) > _KEPT:
            self._said.clear()
        self._said[key] = record.created
        return True


def configure(service: str, instance: str, level: str = "info", stream: TextIO | None = None) -> None:
    """Send our records and those of every library through one chain to one stream (standard output)."""
    number, out = logging.getLevelNamesMapping()[level.upper()], stream or sys.stdout

    def origin(_logger: object, _method: str, event: EventDict) -> EventDict:
        return {"service": service, "instance": instance, **event}

    chain: list[Processor] = [
        origin,
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*chain, _render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(out),
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder(), *chain],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _render],
        )
    )
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(max(number, logging.WARNING))
    handler.addFilter(OncePerSecond())
    logging.basicConfig(handlers=[handler], level=number, force=True)
    for own_handlers in ("uvicorn", "uvicorn.error", "uvicorn.access", "faststream"):
        logger = logging.getLogger(own_handlers)
        logger.handlers, logger.propagate = [], True
    for chatty in ("uvicorn.access", "httpx", "httpcore"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
