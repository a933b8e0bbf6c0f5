"""Put the demo into the database: a subject, one login for each role, and 30 students with three weeks of practice.

python scripts/seed_data.py

A second run changes nothing. The last line printed is a JSON object with the logins.
"""

import argparse
import json
import sys
import time
from pathlib import Path

import project

from app.core.clock import utc_now
from app.core.config import Environment, get_settings
from app.core.errors import AppError
from app.core.resources import Resources
from app.integrations.storage import LocalFileStore
from scripts.demo.seeding import Seeded, is_seeded, seed_demo
from scripts.demo.seeding_accounts import DEMO_LOGINS


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--force", action="store_true", help="also in production, where everybody knows these passwords"
    )
    parser.add_argument("--data-dir", type=Path, default=project.ROOT / "data", help="of the running product")
    arguments = parser.parse_args(argv)
    if not project.use_running_product(arguments.data_dir):
        sys.exit("No database: start the product with `python3 run.py`, or set APP_DATABASE__URL.")
    settings = get_settings()
    if settings.environment is Environment.PRODUCTION and not arguments.force:
        sys.exit("This is production, and the passwords of the demo are public. With --force they are put in anyway.")
    resources = Resources.open(settings)
    try:
        print(_seed(resources))
    except AppError as error:
        sys.exit(f"Nothing was changed: {error.detail}")
    finally:
        resources.close()
    logins = [{"role": login.role.value, "email": login.email, "password": login.password} for login in DEMO_LOGINS]
    print(json.dumps({"logins": logins}))
    return 0


def _seed(resources: Resources) -> str:
    began = time.monotonic()
    store = LocalFileStore(resources.settings.files.directory)
    with resources.sessions.begin() as session:
        if is_seeded(session):
            return "The demo is there already: nothing was changed."
        seeded = seed_demo(session, store, resources.passwords, utc_now())
    return _told(seeded, time.monotonic() - began)


def _told(seeded: Seeded, seconds: float) -> str:
    return (
        f"Demo: {seeded.questions} questions of {seeded.skills} skills, {seeded.students} students with "
        f"{seeded.answers} answers, in {seconds:.1f} s."
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
