import logging
import sys
from typing import Any

import orjson
import structlog

SECRET_WORDS = ("password", "token", "secret", "authorization", "cookie", "api_key")


def redact(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Blank every field whose name says it is a secret, whoever logged it."""
    for name in event:
        if any(word in name.lower() for word in SECRET_WORDS):
            event[name] = "[redacted]"
    return event


def _render(event: Any, default: Any = None) -> str:  # structlog's serializer signature
    return orjson.dumps(event, default=default or str).decode()


def configure_logging(level: str) -> None:
    """JSON lines on stderr for our own events and for every library that uses `logging`."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        redact,
        structlog.processors.format_exc_info,
    ]
    renderer = structlog.processors.JSONRenderer(serializer=_render)
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, structlog.stdlib.add_logger_name, *shared, renderer],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_LibraryFormatter(shared, renderer))
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "celery"):
        library = logging.getLogger(name)
        library.handlers = []
        library.propagate = name != "uvicorn.access"


class _LibraryFormatter(structlog.stdlib.ProcessorFormatter):
    """Renders records of other libraries as JSON and leaves our own, already rendered, lines alone."""

    def __init__(self, shared: list[structlog.typing.Processor], renderer: structlog.typing.Processor) -> None:
        processors = [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer]
        super().__init__(foreign_pre_chain=shared, processors=processors)

    def format(self, record: logging.LogRecord) -> str:
        if isinstance(record.msg, str) and record.msg.startswith("{") and not record.args:
            return record.msg
        return super().format(record)


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    logger: structlog.stdlib.BoundLogger = structlog.get_logger(name)
    return logger
