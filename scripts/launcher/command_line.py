import argparse
import errno
import io
import signal
import sys
from pathlib import Path

from .failure import LaunchError
from .folders import PROJECT
from .start_command import StartOptions, start
from .test_command import run_tests

EXIT_INTERRUPTED = 130
LAST_PORT = 65_535
SENTENCES = {
    errno.ENOSPC: "The disk is full: free some space and start again.",
    errno.EROFS: "The disk can only be read: choose another place with --data-dir.",
    errno.EACCES: "You may not use this file or folder: make it yours, or choose another place with --data-dir.",
    errno.ENOENT: "This place cannot be made: choose another with --data-dir.",
    errno.EPERM: "You may not do this here: start as the owner of the folder, or choose another with --data-dir.",
    errno.ENOTDIR: "A file is in the way of a folder: move it, or choose another place with --data-dir.",
}


def main(arguments: list[str]) -> int:
    """Runs the command; whatever the user can mend ends in one sentence and exit code 1."""
    for output in (sys.stdout, sys.stderr):
        if isinstance(output, io.TextIOWrapper):
            output.reconfigure(line_buffering=True)
    for stop_signal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):  # a shell's `&` has the first one ignored
        signal.signal(stop_signal, signal.default_int_handler)
    try:
        return _dispatch(arguments)
    except LaunchError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        if error.errno not in SENTENCES:
            raise
        print(f"{error.filename or 'Studium'}: {SENTENCES[error.errno]}", file=sys.stderr)
    except KeyboardInterrupt:
        print("Interrupted.", file=sys.stderr)
        return EXIT_INTERRUPTED
    return 1


def _dispatch(arguments: list[str]) -> int:
    if arguments[:1] == ["test"]:
        return run_tests(arguments[1:])
    options = _parser().parse_args(arguments)
    return start(StartOptions(options.port, options.data_dir, options.demo, options.check, options.api_processes))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run.py",
        description="Start Studium with everything it needs. `run.py test [pytest arguments]` runs all its checks.",
    )
    parser.add_argument(
        "--port", type=_port, default=8000, help="port on this machine (default 8000; 0 takes a free one)"
    )
    parser.add_argument("--data-dir", type=Path, default=PROJECT / "data", help="folder of everything to keep")
    parser.add_argument("--no-demo", dest="demo", action="store_false", help="put in no example content")
    parser.add_argument("--check", action="store_true", help="start, try the main job over HTTP, stop")
    parser.add_argument("--api-processes", type=_at_least_one, default=1, help="processes that answer requests")
    return parser


def _port(text: str) -> int:
    number = int(text)
    if not 0 <= number <= LAST_PORT:
        raise argparse.ArgumentTypeError(f"a number from 0 to {LAST_PORT}")
    return number


def _at_least_one(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number
