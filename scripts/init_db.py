"""Bring the database to the newest version and make an administrator.

python scripts/init_db.py --admin ada@example.org     (asks for the password, or reads STUDIUM_ADMIN_PASSWORD)
"""

import argparse
import getpass
import os
import sys
from pathlib import Path

import project

from alembic import command
from alembic.config import Config


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--admin", metavar="EMAIL", help="make an administrator with this address")
    parser.add_argument("--name", default="Administrator")
    parser.add_argument("--data-dir", type=Path, default=project.ROOT / "data", help="of the running product")
    arguments = parser.parse_args(argv)
    if not project.use_running_product(arguments.data_dir):
        sys.exit("No database: start the product with `python3 run.py`, or set APP_DATABASE__URL.")
    command.upgrade(Config(project.ROOT / "alembic.ini"), "head")
    if arguments.admin:
        _make_admin(arguments.admin, arguments.name)
    return 0


def _make_admin(email: str, name: str) -> None:
    from app.core.clock import utc_now
    from app.core.config import get_settings
    from app.core.errors import AppError
    from app.core.resources import Resources
    from app.domain.emails import canonical_email
    from app.domain.enums import Role
    from app.domain.passwords import password_weakness
    from app.services.user_service import NewUser, UserService

    address = canonical_email(email)
    password = os.environ.get("STUDIUM_ADMIN_PASSWORD") or getpass.getpass(f"Password for {address}: ")
    if weakness := password_weakness(password, email=address, role=Role.ADMIN):
        sys.exit(weakness)
    resources = Resources.open(get_settings())
    new = NewUser(address, name, resources.passwords.hash(password), Role.ADMIN)
    try:
        with resources.sessions.begin() as session:
            UserService(session, utc_now()).create(new, actor_id=None)
    except AppError as error:
        sys.exit(error.detail)
    finally:
        resources.close()
    print(f"Administrator {address} made.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
