import http.client
import urllib.error
import urllib.request

PROBE_TIMEOUT_S = 2.0


def answers_ok(url: str) -> bool:
    """Whether a GET ends in 200; only ever asked of our own parts on loopback."""
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(url, timeout=PROBE_TIMEOUT_S) as reply:
            return bool(reply.status == http.HTTPStatus.OK)
    except (urllib.error.URLError, http.client.HTTPException, OSError):
        return False
