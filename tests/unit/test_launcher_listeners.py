import socket
import sys

import pytest

from scripts.launcher.failure import LaunchError
from scripts.launcher.listeners import listen


def test_processes_listen_on_one_port() -> None:
    with listen(0, 3) as listeners:
        assert len({listener.getsockname() for listener in listeners}) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux deals connections out")
def test_connections_are_dealt_out_to_all_processes() -> None:
    with listen(0, 2) as listeners:
        clients = [socket.create_connection(listeners[0].getsockname()) for _ in range(64)]
        for listener in listeners:
            listener.settimeout(5)
            listener.accept()[0].close()
        for client in clients:
            client.close()


@pytest.mark.parametrize("processes", [1, 2])
def test_a_port_that_another_start_uses_is_refused(processes: int) -> None:
    with listen(0, processes) as listeners:
        port = listeners[0].getsockname()[1]
        with pytest.raises(LaunchError, match="taken"), listen(port, 2):
            pass
