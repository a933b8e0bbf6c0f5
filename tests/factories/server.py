"""The application behind real sockets."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeVar

import httpx2
import uvicorn
from fastapi import FastAPI

from app.core.config import Settings
from app.core.resources import Resources
from app.main import create_app
from app.models import User
from tests.factories.users import PASSWORD, auth

DEADLINE_S: Final = 30

T = TypeVar("T")


@dataclass
class Server:
    app: FastAPI
    resources: Resources
    port: int
    loop: asyncio.AbstractEventLoop

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def run(self, story: Coroutine[None, None, T]) -> T:
        """In the loop of the server."""
        return asyncio.run_coroutine_threadsafe(story, self.loop).result(DEADLINE_S)

    def connection(self) -> socket.socket:
        """One with little room for replies."""
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(DEADLINE_S)
        connection.connect(("127.0.0.1", self.port))
        return connection

    def log_in(self, user: User) -> int:
        body = {"email": user.email, "password": PASSWORD}
        return httpx2.post(f"{self.url}/api/v1/auth/login", json=body, timeout=DEADLINE_S).status_code

    def me(self, user: User) -> int:
        headers = auth(self.app, user)
        return httpx2.get(f"{self.url}/api/v1/users/me", headers=headers, timeout=DEADLINE_S).status_code

    def ready(self) -> int:
        return httpx2.get(f"{self.url}/health/ready", timeout=DEADLINE_S).status_code


@contextmanager
def serving(settings: Settings) -> Iterator[Server]:
    app = create_app(settings)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        running = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_until_complete, args=[running.serve(sockets=[listener])])
        thread.start()
        try:
            yield Server(app, app.state.resources, listener.getsockname()[1], loop)
        finally:
            running.should_exit = True
            thread.join()
            loop.close()


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether it becomes true before the deadline."""
    until = time.monotonic() + DEADLINE_S
    while not (is_true := condition()) and time.monotonic() < until:
        time.sleep(0.05)
    return is_true
