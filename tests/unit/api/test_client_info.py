import pytest
from starlette.requests import Request

from app.api.client_info import client_address, limited_network

PROXIES = ("10.0.0.0/8", "127.0.0.1", "fd00::/8")


def address(socket: str, *forwarded: str, proxies: tuple[str, ...] = PROXIES) -> str:
    headers = [(b"x-forwarded-for", line.encode("latin-1")) for line in forwarded]
    return client_address(Request({"type": "http", "headers": headers, "client": (socket, 1)}), proxies)


@pytest.mark.parametrize(
    ("socket", "forwarded", "expected"),
    [
        ("203.0.113.9", (), "203.0.113.9"),
        ("203.0.113.9", ("198.51.100.1",), "203.0.113.9"),
        ("10.0.0.2", ("198.51.100.1",), "198.51.100.1"),
        ("10.0.0.2", ("1.1.1.1, 198.51.100.1",), "198.51.100.1"),
        ("10.0.0.2", ("1.1.1.1", "198.51.100.1"), "198.51.100.1"),
        ("10.0.0.2", ("1.1.1.1, 198.51.100.1, 10.0.0.7",), "198.51.100.1"),
        ("fd00::2", ("2001:db8::5",), "2001:db8::5"),
        ("10.0.0.2", ("unknown",), "10.0.0.2"),
        ("10.0.0.2", ("' OR 1=1",), "10.0.0.2"),
        ("10.0.0.2", (), "10.0.0.2"),
        ("testclient", ("198.51.100.1",), "testclient"),
    ],
)
def test_only_our_proxies_are_believed(socket: str, forwarded: tuple[str, ...], expected: str) -> None:
    assert address(socket, *forwarded) == expected


def test_without_proxies_the_header_is_not_read() -> None:
    assert address("127.0.0.1", "198.51.100.1", proxies=()) == "127.0.0.1"


def test_ipv6_counts_by_site() -> None:
    assert limited_network("2001:db8:1:2::5") == limited_network("2001:db8:1:2:ffff::1")
    assert limited_network("2001:db8:1:2::5") != limited_network("2001:db8:1:3::5")
    assert limited_network("198.51.100.1") == "198.51.100.1"
