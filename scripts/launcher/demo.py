import json
from dataclasses import dataclass
from pathlib import Path

from .application import Application
from .folders import PROJECT, write_private


@dataclass(frozen=True)
class Login:
    role: str
    email: str
    password: str


class Demo:
    """Example content and logins, put in on the first start of a data folder."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._kept: Path = application.data.root / "demo.json"

    def seed_once(self) -> None:
        if self._kept.exists():
            return
        print("Demo: putting in example classes and questions")
        printed = self._application.run_step("The demo", str(PROJECT / "scripts" / "seed_data.py"))
        write_private(self._kept, printed.strip().splitlines()[-1])

    def logins(self) -> list[Login]:
        if not self._kept.exists():
            return []
        kept = json.loads(self._kept.read_text(encoding="utf-8"))
        return [Login(login["role"], login["email"], login["password"]) for login in kept["logins"]]
