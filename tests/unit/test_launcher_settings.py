from pathlib import Path

import pytest

from scripts.launcher.services import Services, with_driver
from scripts.launcher.variables import given_variables, own_variables


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_way_to_write_a_database_url_names_the_driver(scheme: str) -> None:
    assert with_driver(f"{scheme}://user@host/name") == "postgresql+psycopg://user@host/name"


def test_servers_are_found_in_the_first_variable_that_is_set() -> None:
    variables = {"REDIS_URL": "redis://first", "APP_REDIS__URL": "redis://second", "APP_CHROMA__URL": "http://chroma"}
    found = Services.named_in(variables, "{}_URL", "APP_{}__URL")
    assert found == Services("", "redis://first", "http://chroma")


def test_variables_of_the_caller_win_over_the_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(
        "# servers\nexport A=1 # one\nB='two # words'\nC=x=y\n\nnot a setting\nD=from file\n", encoding="utf-8"
    )
    monkeypatch.setenv("D", "from caller")
    given = given_variables(env_file)
    assert {name: given.get(name) for name in "ABCD"} == {"A": "1", "B": "two # words", "C": "x=y", "D": "from caller"}


def test_another_pythons_modules_are_kept_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", "/elsewhere")
    assert "PYTHONPATH" not in own_variables()
