"""The ceiling: what PostgreSQL alone reaches with one answer as 13 round trips, measured by pgbench."""

import re
import subprocess
import sys
from pathlib import Path


def prepare(folder: Path, url: str, work: Path, questions: int) -> None:
    """Make the reference data of `folder` (schema.sql, gen_questions.py, load.sql) in the database of `url`."""
    subprocess.run([sys.executable, str(folder / "gen_questions.py"), str(questions)], cwd=work, check=True)  # noqa: S603
    for script in ("schema.sql", "load.sql"):
        subprocess.run(  # noqa: S603
            ["psql", "-q", "-d", url, "-f", str(folder / script)],  # noqa: S607
            cwd=work,
            check=True,
            capture_output=True,
        )


def measure(folder: Path, url: str, *, clients: int, seconds: int) -> float:
    """Transactions per second of `answer.pgbench`."""
    script = ["-f", str(folder / "answer.pgbench"), "-c", str(clients), "-j", "2", "-T", str(seconds)]
    done = subprocess.run(  # noqa: S603
        ["pgbench", "-n", "-M", "prepared", *script, url],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    )
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if found is None:
        raise RuntimeError(done.stdout)
    return float(found[1])
