from pathlib import Path
from uuid import UUID

import pytest
from fastapi import Request, Response
from sqlalchemy.engine import make_url

from app.api.cookies import clear_login_cookies, require_same_origin, set_login_cookies
from app.core.config import Settings, WebSettings
from app.core.errors import ForbiddenError
from tests.conftest import make_settings

LOGIN_ID = UUID(int=7)


def settings(tmp_path: Path, **web: object) -> Settings:
    return make_settings(make_url("postgresql+psycopg://localhost/none"), tmp_path, web=WebSettings.model_validate(web))


def test_all_cookies_are_secure_where_the_settings_say_so(tmp_path: Path) -> None:
    secure = settings(tmp_path, secure_cookies=True)
    given, taken = Response(), Response()
    set_login_cookies(given, secure, "access", "refresh", LOGIN_ID)
    clear_login_cookies(taken, secure)
    for response in (given, taken):
        lines = response.headers.getlist("set-cookie")
        assert len(lines) == 3
        assert all("Secure" in line and "SameSite=lax" in line and "Domain" not in line for line in lines)
    assert all("Max-Age=0" in line for line in taken.headers.getlist("set-cookie"))


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        (None, True),
        ("https://study.example.org", True),
        ("https://app.example.org", True),
        ("http://internal:8000", True),
        ("https://study.example.org.evil.example", False),
        ("https://evil.example", False),
        ("http://study.example.org", False),
        ("https://study.example.org:444", False),
        ("null", False),
        ("", False),
    ],
)
def test_only_our_origins_may_change_things(tmp_path: Path, origin: str | None, *, allowed: bool) -> None:
    web = {"public_url": "https://study.example.org/", "allowed_origins": ["https://app.example.org"]}
    headers = [(b"host", b"internal:8000")] + ([] if origin is None else [(b"origin", origin.encode())])
    scope = {"type": "http", "scheme": "http", "path": "/", "server": ("internal", 8000), "headers": headers}
    request = Request(scope)
    if allowed:
        require_same_origin(request, settings(tmp_path, **web))
    else:
        with pytest.raises(ForbiddenError):
            require_same_origin(request, settings(tmp_path, **web))
