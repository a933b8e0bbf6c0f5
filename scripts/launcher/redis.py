import os
import secrets
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from .folders import write_private
from .parts import Part
from .ports import LOOPBACK, free_port

PROBE_TIMEOUT_S = 1.0


@dataclass(frozen=True)
class RedisServer:
    """A private Redis that keeps nothing: PostgreSQL is the truth, and everything here can be made again."""

    program: str
    port: int
    password: str

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@{LOOPBACK}:{self.port}/0"

    def part(self, settings: Path) -> Part:
        """`settings` is the file to write the password to, so that it shows in no list of processes."""
        lines = (
            f"bind {LOOPBACK}",
            f"port {self.port}",
            f"requirepass {self.password}",
            'save ""',
            "appendonly no",
            "daemonize no",
        )
        write_private(settings, "\n".join(lines) + "\n")
        return Part(
            name="redis",
            title="Redis",
            command=(self.program, str(settings)),
            environment=os.environ,
            is_ready=self._answers,
            directory=settings.parent,
        )

    def _answers(self) -> bool:
        try:
            with socket.create_connection((LOOPBACK, self.port), PROBE_TIMEOUT_S) as connection:
                connection.sendall(f"AUTH {self.password}\r\nPING\r\n".encode())
                replies = connection.makefile("rb")
                return [replies.readline(), replies.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
        except OSError:
            return False


def find_server() -> RedisServer | None:
    program = shutil.which("redis-server") or shutil.which("valkey-server")
    return RedisServer(program, free_port(), secrets.token_urlsafe(32)) if program else None
