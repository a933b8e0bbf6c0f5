from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect
from sqlalchemy.engine import URL

from app.models import Base
from tests.conftest import ROOT, migrate


def test_one_head() -> None:
    assert len(ScriptDirectory.from_config(Config(ROOT / "alembic.ini")).get_heads()) == 1


def test_up_down_up_and_the_models_agree(empty_database_url: URL) -> None:
    migrate(empty_database_url)
    migrate(empty_database_url, "base")
    engine = create_engine(empty_database_url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    migrate(empty_database_url)
    assert set(Base.metadata.tables) <= set(inspect(engine).get_table_names())
    engine.dispose()
    config = Config(ROOT / "alembic.ini")
    config.attributes["database_url"] = empty_database_url.render_as_string(hide_password=False)
    command.check(config)
