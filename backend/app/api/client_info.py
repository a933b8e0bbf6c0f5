"""Who is at the other end of the connection, as far as the network tells."""

from functools import cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Annotated

from fastapi import Depends, Request
from starlette.types import Scope

from app.api.deps import ResourcesDep
from app.services.auth_service import ClientInfo
from app.utils.text import excerpt

MAX_USER_AGENT = 300
_IPV6_SITE_PREFIX = 64
_SCHEMES = frozenset({"http", "https"})


def client_address(request: Request, trusted_proxies: tuple[str, ...]) -> str:
    """The nearest address that is not a proxy of ours.

    `X-Forwarded-For` is read from its end, because everything before the entry of our first proxy is the client's own
    claim; without a trusted proxy on the socket it is not read at all.
    """
    nearest = request.client.host if request.client else ""
    hops = [hop.strip() for line in request.headers.getlist("x-forwarded-for") for hop in line.split(",")]
    while hops and _is_trusted(nearest, trusted_proxies) and _is_address(hops[-1]):
        nearest = hops.pop()
    return nearest


def asked_scheme(scope: Scope, trusted_proxies: tuple[str, ...]) -> str:
    """`http` or `https`, as the client asked for it: the proxy on the socket knows, if it is one of ours."""
    told = dict(scope["headers"]).get(b"x-forwarded-proto", b"").decode("latin-1")
    nearest = scope["client"][0] if scope.get("client") else ""
    return told if told in _SCHEMES and _is_trusted(nearest, trusted_proxies) else str(scope["scheme"])


def limited_network(address: str) -> str:
    """What counts as one sender: an IPv4 address, or the /64 that any IPv6 customer owns whole."""
    if not _is_address(address):
        return address
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address):
        return str(ip_network((parsed, _IPV6_SITE_PREFIX), strict=False))
    return address


def _is_trusted(address: str, trusted_proxies: tuple[str, ...]) -> bool:
    return _is_address(address) and any(ip_address(address) in network for network in _networks(trusted_proxies))


@cache
def _networks(trusted_proxies: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(proxy, strict=False) for proxy in trusted_proxies)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


async def get_client_info(request: Request, resources: ResourcesDep) -> ClientInfo:
    address = client_address(request, resources.settings.web.trusted_proxies)
    return ClientInfo(address, excerpt(request.headers.get("user-agent", ""), MAX_USER_AGENT))


ClientInfoDep = Annotated[ClientInfo, Depends(get_client_info)]
