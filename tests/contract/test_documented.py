"""What an operator or a client meets is explained in docs/."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

import app.main  # noqa: F401  # loads every error class
from app.core.config import Group, Settings
from app.core.errors import AppError
from app.core.jobs import JobKind
from tests.conftest import ROOT

CODE = re.compile(r"[a-z]+(_[a-z]+)*")
LINK = re.compile(r"\]\((?!https?:)([^)\s]+)\)")
MAKERS = {"problem"}


def document(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def all_documents() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").rglob("*.md")))


def variables(model: type[BaseModel], prefix: str) -> Iterator[str]:
    """Names of the environment variables of a tree of settings."""
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, Group):
            yield from variables(field.annotation, f"{prefix}{name.upper()}__")
        else:
            yield f"{prefix}{name.upper()}"


def error_classes(base: type[AppError] = AppError) -> Iterator[type[AppError]]:
    """Those that a request can end with; how jobs end stands in their rows."""
    for kind in base.__subclasses__():
        if kind.__module__.startswith("app.") and not kind.__module__.startswith("app.tasks."):
            yield kind
            yield from error_classes(kind)


def literal_codes() -> Iterator[str]:
    """Codes of problems that are made without an error class."""
    for path in sorted((ROOT / "backend" / "app" / "api").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MAKERS:
                values = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
                yield from (value for value in values if isinstance(value, str) and CODE.fullmatch(value))


def test_every_setting() -> None:
    names = set(variables(Settings, "APP_"))
    assert len(names) > 30
    assert {name for name in names if f"`{name}`" not in document("operations.md")} == set()


def test_every_kind_of_job() -> None:
    assert {kind for kind in JobKind if f"`{kind}`" not in document("operations.md")} == set()


def test_every_script(all_documents: str) -> None:
    scripts = {path.name for path in (ROOT / "scripts").glob("*.py") if is_command(path)}
    assert len(scripts) > 5
    assert {name for name in scripts if f"scripts/{name}" not in all_documents} == set()


def is_command(path: Path) -> bool:
    return 'if __name__ == "__main__":' in path.read_text(encoding="utf-8")


def test_every_error_with_its_status() -> None:
    rows = {f"| {kind.status.value} | `{kind.code}` |" for kind in error_classes()}
    assert len(rows) > 30
    assert {row for row in rows if row not in document("api.md")} == set()


def test_every_code_without_an_error_class() -> None:
    codes = set(literal_codes())
    assert {"internal_error", "invalid_input", "unavailable"} <= codes
    assert {code for code in codes if f"`{code}`" not in document("api.md")} == set()


def test_links_lead_somewhere() -> None:
    sources = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert {f"{source.name}: {target}" for source in sources for target in dead_links(source)} == set()


def dead_links(source: Path) -> Iterator[str]:
    for target in LINK.findall(source.read_text(encoding="utf-8")):
        path, _, anchor = target.partition("#")
        leads_to = (source.parent / path).resolve() if path else source
        if not leads_to.exists() or (anchor and anchor not in anchors(leads_to)):
            yield target


def anchors(page: Path) -> set[str]:
    """Of the headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_decision_is_listed() -> None:
    listed = document("decisions/README.md")
    records = {path.name for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")}
    assert {name for name in records if f"({name})" not in listed} == set()
