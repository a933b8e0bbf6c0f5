import socket
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from .failure import LaunchError
from .ports import LOOPBACK


@contextmanager
def listen(port: int, processes: int = 1) -> Iterator[list[socket.socket]]:
    """The sockets of the API processes, bound before anything is started, so that a port in use is known at once.

    Each process has one of its own, between which the kernel deals out connections: of one socket that all share, the
    process that wakes first takes whatever waits there, and the others idle. Where a kernel does not deal (macOS) they
    share one. The starter keeps all of them open: while a process starts again, its requests wait instead of failing.
    """
    with ExitStack() as stack:
        with _bound(port) as probe:  # a port that another Studium shares out would let us in silently
            port = probe.getsockname()[1]
            if not _deals_out(processes):
                yield [probe] * processes
                return
        yield [stack.enter_context(_bound(port, reuse_port=True)) for _ in range(processes)]


def url_of(listener: socket.socket) -> str:
    return f"http://{LOOPBACK}:{listener.getsockname()[1]}"


def _deals_out(processes: int) -> bool:
    return processes > 1 and sys.platform == "linux"


def _bound(port: int, *, reuse_port: bool = False) -> socket.socket:
    try:
        return socket.create_server((LOOPBACK, port), backlog=socket.SOMAXCONN, reuse_port=reuse_port)
    except PermissionError as error:
        raise LaunchError(f"Port {port} is reserved for the system: choose one above 1023 with --port.") from error
    except OSError as error:
        raise LaunchError(f"Port {port} is taken by another program: choose another with --port.") from error
