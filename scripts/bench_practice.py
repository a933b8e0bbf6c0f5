"""Measure practice over HTTP: answers per second, latency, CPU and memory; prints JSON.

    python scripts/bench_practice.py --questions 10000 --attempts 10000 --ceiling FOLDER

Needs an empty-able PostgreSQL server (`--server`, default: APP_DATABASE__URL): two scratch databases are made in it and
dropped again. FOLDER holds schema.sql, gen_questions.py, load.sql and answer.pgbench, the reference transaction of 13
round trips that pgbench runs beside, on the same machine, before and after the answers.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import project

from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.engine import URL

from app.core.config import AuthSettings
from app.core.security import Tokens
from scripts.bench import ceiling, data, load, processes
from scripts.bench.scratch import migrate, scratch_database
from scripts.launcher.listeners import listen

SECRET = "only-for-benchmarks-0123456789-abcdefghijkl"  # noqa: S105  # signs nothing but the bench's own tokens
WARM_UP_S = 15.0  # each process reads its questions first; 100,000 take seconds
BENCH_DATABASE, CEILING_DATABASE = "studium_bench", "studium_bench_ceiling"


@dataclass(frozen=True)
class Arguments:
    server: str
    questions: int
    students: int
    attempts: int
    clients: int
    processes: int
    seconds: float
    ceiling: Path | None
    ceiling_database: str
    logins: float


def parse(argv: list[str]) -> Arguments:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default=os.environ.get("APP_DATABASE__URL", ""), help="URL of any database there")
    parser.add_argument("--questions", type=int, default=10_000)
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--attempts", type=int, default=10_000, help="stored before the run")
    parser.add_argument("--clients", type=int, default=16)
    parser.add_argument("--processes", type=int, default=2, help="API processes")
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--ceiling", type=lambda name: Path(name).resolve(), help="folder of the reference transaction")
    parser.add_argument("--ceiling-database", default="", help="name of a database that holds its data already")
    parser.add_argument("--logins", type=float, default=0, help="logins per second beside the answers")
    return Arguments(**vars(parser.parse_args(argv)))


def main(argv: list[str]) -> int:
    arguments = parse(argv)
    if not arguments.server:
        sys.exit("Name a PostgreSQL server: --server postgresql://...")
    server = make_url(arguments.server).set(drivername="postgresql+psycopg")
    with scratch_database(server, BENCH_DATABASE) as url:
        engine = create_engine(url)
        migrate(url)
        data.fill(engine, questions=arguments.questions, students=arguments.students, attempts=arguments.attempts)
        report = _measure(arguments, engine, url)
        report["drift"] = data.drift(engine)
        engine.dispose()
    print(json.dumps(report, indent=1))
    return 0


def _measure(arguments: Arguments, engine: Engine, url: URL) -> dict[str, object]:
    before = _ceiling(arguments, url)
    with _api(url, arguments.processes) as (port, pids):
        postmaster = _postmaster(engine)
        tokens = Tokens(SECRET, AuthSettings(access_ttl_s=3600))
        students = [data.access_token(tokens, number) for number in range(1, arguments.students + 1)]
        stop = _login_load(port, arguments.logins)
        cpu: list[tuple[float, float]] = []
        window = load.Window(
            warm_up_s=WARM_UP_S,
            measured_s=arguments.seconds,
            mark=lambda: cpu.append((sum(map(processes.cpu_seconds, pids)), processes.cpu_seconds(postmaster))),
        )
        result = asyncio.run(
            load.practise([port], students, str(data.SUBJECT_ID), clients=arguments.clients, window=window)
        )
        stop.set()
        used = cpu[1][0] - cpu[0][0], cpu[1][1] - cpu[0][1]
        total = len(result.latencies)
        memory = {
            "api_mb": round(sum(map(processes.memory_mb, pids))),
            "postgres_mb": round(processes.memory_mb(postmaster)),
        }
    after = _ceiling(arguments, url)
    known = [figure for figure in (before, after) if figure is not None]
    rate = len(result.latencies) / result.seconds
    return {
        "clients": arguments.clients,
        "api_processes": arguments.processes,
        "questions": arguments.questions,
        "stored_attempts": arguments.attempts,
        "logins_per_s": arguments.logins,
        "answers_per_s": round(rate, 1),
        "p50_ms": round(result.percentile(0.50), 1),
        "p95_ms": round(result.percentile(0.95), 1),
        "p99_ms": round(result.percentile(0.99), 1),
        "errors": result.errors,
        "cpu_ms_per_answer": {
            "api": round(used[0] * 1000 / total, 2),
            "postgres": round(used[1] * 1000 / total, 2),
            "sum": round(sum(used) * 1000 / total, 2),
        },
        "bytes_down_per_answer": round(result.bytes_down / max(1, len(result.latencies))),
        "memory": memory,
        "pgbench_tps": [round(figure, 1) for figure in known],
        "of_pgbench": round(rate / (sum(known) / len(known)), 3) if known else None,
    }


def _ceiling(arguments: Arguments, url: URL) -> float | None:
    if arguments.ceiling is None:
        return None
    target = url.set(drivername="postgresql", database=arguments.ceiling_database or CEILING_DATABASE)
    if not arguments.ceiling_database:
        with tempfile.TemporaryDirectory() as work, scratch_database(url, CEILING_DATABASE):
            ceiling.prepare(arguments.ceiling, target.render_as_string(hide_password=False), Path(work), 100_000)
            return _pgbench(arguments, target)
    return _pgbench(arguments, target)


def _pgbench(arguments: Arguments, target: URL) -> float:
    address = target.render_as_string(hide_password=False)
    return ceiling.measure(
        arguments.ceiling or Path(), address, clients=arguments.clients, seconds=int(arguments.seconds)
    )


@contextmanager
def _api(url: URL, count: int) -> Iterator[tuple[int, list[int]]]:
    """API processes on one port, as the product starts them: (port, their pids)."""
    environment = os.environ | {
        "APP_DATABASE__URL": url.render_as_string(hide_password=False),
        "APP_SECRET_KEY": SECRET,
        "APP_LOG_LEVEL": "WARNING",
        "PYTHONPATH": str(project.ROOT / "backend"),
    }
    with listen(0, count) as listeners:
        running = [_uvicorn(listener.fileno(), environment) for listener in listeners]
        try:
            port = listeners[0].getsockname()[1]
            _wait_until_ready(port)
            yield port, [process.pid for process in running]
        finally:
            for process in running:
                process.terminate()
            for process in running:
                process.wait(30)


def _uvicorn(descriptor: int, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    options = ["--factory", "--no-access-log", "--no-proxy-headers", "--fd", str(descriptor)]
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "uvicorn", "app.main:create_app", *options],
        env=environment,
        pass_fds=[descriptor],
        cwd=project.ROOT,
    )


def _wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the API did not get ready")


def _postmaster(engine: Engine) -> int:
    with engine.connect() as connection:
        backend = int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)
    return int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])


def _login_load(port: int, per_second: float) -> threading.Event:
    """Logins with a wrong password cost as much as right ones; they come from as many addresses of nobody."""
    stop = threading.Event()

    def run() -> None:
        number = 0
        while not stop.wait(1 / per_second):
            number += 1
            body = json.dumps({"email": f"nobody{number}@example.org", "password": "not this one, sorry"}).encode()
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/api/v1/auth/login", body, {"Content-Type": "application/json"}
            )
            try:
                urllib.request.urlopen(request, timeout=10).close()  # noqa: S310
            except OSError:
                continue

    if per_second:
        threading.Thread(target=run, daemon=True).start()
    return stop


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
