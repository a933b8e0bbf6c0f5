import json
import urllib.error
import urllib.request
from typing import Any

from .demo import Login
from .failure import LaunchError

TIMEOUT_S = 20.0


class ApiClient:
    """Talks to the running product as a program of a user would."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._token = ""

    def log_in(self, login: Login) -> None:
        reply = self.post("/api/v1/auth/login", {"email": login.email, "password": login.password})
        self._token = reply["access_token"]

    def get(self, path: str) -> Any:
        return self._send("GET", path, None)

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._send("POST", path, body)

    def _send(self, method: str, path: str, body: dict[str, Any] | None) -> Any:
        headers = {"Content-Type": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data, headers, method=method)  # noqa: S310 - always http
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with direct.open(request, timeout=TIMEOUT_S) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")
            raise LaunchError(f"Check failed: {method} {path} answered {error.code} {said[:300]}") from error
        except OSError as error:
            raise LaunchError(f"Check failed: {method} {path} was not answered ({error})") from error


def check_main_job(url: str, logins: list[Login]) -> None:
    """The main job end to end: a student practises and the estimate of what they know moves."""
    client = ApiClient(url)
    if not client.get("/health/ready")["ready"]:
        raise LaunchError("Check failed: the API says that it is not ready.")
    for login in logins:
        client.log_in(login)
    print("Check: ready")
