"""JSON logs: ids from the context on every line, and never a name, a number of a person or a secret."""

import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor

_SECRET = frozenset({"name", "nip", "email", "token", "authorization", "body", "data"})
_HIDDEN = "[redacted]"
# A NIP, also written in its groups; an address; a token; and what pydantic quotes of its input.
_PERSONAL = re.compile(
    r"(?<!\d)\d{8} ?\d{6} ?\d ?\d{3}(?!\d)|[\w.+-]+@[\w-]+\.[\w.-]+|eyJ[\w-]{8,}\.[\w.-]*|(?<=input_value=).*?(?=, input_type)",
    re.DOTALL,
)


def redact(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Hide personal data by key at any depth, and by form in any text."""
    return {key: _clean(key, value) for key, value in event.items()}


def _clean(key: object, value: Any) -> Any:
    if str(key).lower() in _SECRET:
        return _HIDDEN
    match value:
        case str():
            return _PERSONAL.sub(_HIDDEN, value)
        case Mapping():
            return {inner: _clean(inner, held) for inner, held in value.items()}
        case list() | tuple():
            return [_clean("", held) for held in value]
        case int() | float() | None:
            return _HIDDEN if _PERSONAL.fullmatch(str(value)) else value
    return _PERSONAL.sub(_HIDDEN, str(value))


def _render(_logger: object, _method: str, event: EventDict) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def configure(service: str, instance: str, level: str = "info", stream: TextIO | None = None) -> None:
    """Send our records and those of every library through one chain to one stream (standard output)."""
    number = logging.getLevelNamesMapping()[level.upper()]

    def origin(_logger: object, _method: str, event: EventDict) -> EventDict:
        return {"service": service, "instance": instance, **event}

    shared: list[Processor] = [
        origin,
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        redact,
    ]
    structlog.configure(
        processors=[*shared, _render],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(stream or sys.stdout),
    )
    handler = logging.StreamHandler(stream or sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _render],
        )
    )
    logging.basicConfig(handlers=[handler], level=number, force=True)
    for chatty in ("uvicorn", "uvicorn.error", "uvicorn.access", "faststream"):
        logger = logging.getLogger(chatty)
        logger.handlers, logger.propagate = [], True
    for quiet in ("uvicorn.access", "httpx", "httpcore", "aiokafka.consumer.group_coordinator"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
