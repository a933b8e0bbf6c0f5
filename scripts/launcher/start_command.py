import shutil
from dataclasses import dataclass
from pathlib import Path

from .application import Application
from .checks import check_main_job
from .data_lock import only_start
from .demo import Demo
from .failure import LaunchError
from .folders import DataFolder
from .listeners import listen, url_of
from .python_environment import PythonEnvironment
from .services import Services, ServiceStarter
from .supervisor import Supervisor
from .variables import given_variables
from .web_pages import WebPages

NEEDED_BYTES = 300_000_000


@dataclass(frozen=True)
class StartOptions:
    port: int
    data_dir: Path
    demo: bool
    check: bool
    api_processes: int


def start(options: StartOptions) -> int:
    """Run the product until it is interrupted, or check it and stop; returns the exit code."""
    data = DataFolder(options.data_dir.absolute())
    data.create()
    _refuse_full_disk(data.root)
    with only_start(data.root / "lock") as lock, listen(options.port, options.api_processes) as listeners:
        lock.note(url_of(listeners[0]))
        python = PythonEnvironment()
        python.install("base", "Studium's Python packages")
        WebPages(python).build()
        with Supervisor(data.logs, held=(lock.descriptor,)) as supervisor:
            running = Services.named_in(given_variables(), "{}_URL", "APP_{}__URL")
            services = ServiceStarter(supervisor, data, python).start(running)
            application = Application(python, data, services, listeners)
            with application.known_to_scripts():
                _start_parts(options, supervisor, application)
                return _serve(options, supervisor, application)


def _start_parts(options: StartOptions, supervisor: Supervisor, application: Application) -> None:
    application.run_step("Database schema", "-m", "alembic", "upgrade", "head")
    print("Database schema: up to date")
    if options.demo:
        Demo(application).seed_once()
    for part in [*application.worker_parts(), *application.api_parts()]:
        supervisor.start(part)
    supervisor.wait_until_ready()


def _serve(options: StartOptions, supervisor: Supervisor, application: Application) -> int:
    logins = Demo(application).logins()
    print(f"Studium runs at {application.url}")
    for login in logins:
        print(f"  {login.role}: {login.email} / {login.password}")
    if options.check:
        check_main_job(application.url, logins)
        return 0
    print("Ctrl-C stops it.")
    try:
        supervisor.watch()
    except KeyboardInterrupt:
        print("Stopping (the database last)")
    return 0


def _refuse_full_disk(folder: Path) -> None:
    if shutil.disk_usage(folder).free < NEEDED_BYTES:
        raise LaunchError(
            f"The disk of {folder} is nearly full: free at least {NEEDED_BYTES // 1_000_000} MB, or choose another "
            "place with --data-dir."
        )
