#!/usr/bin/env python3
"""Write the types of the web client from the API: `make_web_client.py`, or `--check` whether they are up to date."""

import project  # isort: skip

import argparse
import hashlib
import json
import os
import sys
import tempfile
from pathlib import Path

from app.core.config import Settings
from app.main import create_app
from scripts.launcher.python_environment import PythonEnvironment
from scripts.launcher.web_pages import WebPages

TYPES = project.ROOT / "frontend" / "src" / "lib" / "api" / "schema.d.ts"
FIRST_FAILURE = "400"
HEADER = "// Made from the OpenAPI document by scripts/make_web_client.py; sha256 {}\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 when the types are stale")
    only_check = parser.parse_args().check
    document = openapi_document()
    if is_current(document):
        print("The types of the web client are up to date.")
        return 0
    if only_check:
        print("The API has changed: run `python3 scripts/make_web_client.py` and commit what it writes.")
        return 1
    TYPES.write_text(header(document) + types_of(document), encoding="utf-8")
    print(f"Written: {TYPES.relative_to(project.ROOT)}")
    return 0


def openapi_document() -> str:
    """The successes of the API in one stable spelling; no server and no database is needed for it."""
    os.environ.setdefault("APP_SECRET_KEY", "only-to-describe-the-interface-0123456789-abcdef")
    document = create_app(Settings()).openapi()
    for methods in document["paths"].values():
        for operation in methods.values():
            # Every failure is the same problem document: no need to describe it five hundred times.
            operation["responses"] = {
                status: reply for status, reply in operation["responses"].items() if status < FIRST_FAILURE
            }
    return json.dumps(document, sort_keys=True)


def header(document: str) -> str:
    return HEADER.format(hashlib.sha256(document.encode()).hexdigest())


def is_current(document: str) -> bool:
    return TYPES.exists() and TYPES.read_text(encoding="utf-8").startswith(header(document))


def types_of(document: str) -> str:
    pages = WebPages(PythonEnvironment())
    pages.install()
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder, "openapi.json"), Path(folder, "schema.d.ts")
        source.write_text(document, encoding="utf-8")
        pages.npm("exec", "--", "openapi-typescript", str(source), "--output", str(target), "--root-types",
                  "--root-types-no-schema-prefix")  # fmt: skip
        return target.read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
