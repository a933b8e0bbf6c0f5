import os
from pathlib import Path

from .folders import PROJECT


def own_variables() -> dict[str, str]:
    """The caller's variables without those that would make our Python load the modules of another one."""
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONHOME", "PYTHONPATH")}


def given_variables(env_file: Path = PROJECT / ".env") -> dict[str, str]:
    """What was set for this product: the lines of `.env`, and over them the caller's variables."""
    lines = env_file.read_text(encoding="utf-8").splitlines() if env_file.exists() else []
    pairs = (line.removeprefix("export ").partition("=") for line in map(str.strip, lines) if not line.startswith("#"))
    written = {name.strip(): _unquoted(value.strip()) for name, equals, value in pairs if equals}
    return written | own_variables()


def _unquoted(value: str) -> str:
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value.partition(" #")[0].rstrip()
