"""How a script becomes part of the project: the project's Python, its modules, and the settings of the running product.

Import this module first; it uses only the standard library until the project's own interpreter runs.
"""

import importlib.util
import json
import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT_FILE = "environment.json"


def enter() -> None:
    """Go on in `.venv` when this interpreter lacks the project's packages, and find `app` from here on."""
    own_python = ROOT / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if importlib.util.find_spec("sqlalchemy") is None:
        if not own_python.exists():
            sys.exit("The project is not installed yet: run `python3 run.py --check` once.")
        os.execv(own_python, [str(own_python), *sys.argv])  # noqa: S606  # the same script again
    sys.path[:0] = [str(ROOT), str(ROOT / "backend")]


def use_running_product(data_dir: Path = ROOT / "data") -> bool:
    """Take the settings of the product that runs on `data_dir`, unless a database is named in the environment.

    Returns:
        Whether there is a database to talk to.
    """
    # A script signs nothing, so that any key will do where none is set.
    os.environ.setdefault("APP_SECRET_KEY", secrets.token_hex(32))
    if "APP_DATABASE__URL" in os.environ:
        return True
    if "DATABASE_URL" in os.environ:
        url = os.environ["DATABASE_URL"]
        os.environ["APP_DATABASE__URL"] = url.replace("postgresql://", "postgresql+psycopg://", 1)
        return True
    file = data_dir / ENVIRONMENT_FILE
    if not file.exists():
        return False
    os.environ.update(json.loads(file.read_text(encoding="utf-8")))
    return True


enter()
