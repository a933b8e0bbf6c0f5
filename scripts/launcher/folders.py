import os
from dataclasses import dataclass
from pathlib import Path

from .failure import LaunchError

PROJECT = Path(__file__).resolve().parents[2]
BACKEND = PROJECT / "backend"
WEB_PAGES = PROJECT / "frontend" / "build"


@dataclass(frozen=True)
class DataFolder:
    """Where one installation keeps what it must find again."""

    root: Path

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def files(self) -> Path:
        return self.root / "files"

    def create(self) -> None:
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            for folder in (self.logs, self.files):
                folder.mkdir(mode=0o700, exist_ok=True)
        except FileExistsError as error:
            raise LaunchError(
                f"{error.filename} is in the way: a folder is needed there. Move it, or choose another "
                "place with --data-dir."
            ) from error
        if not os.access(self.root, os.W_OK | os.X_OK):
            raise LaunchError(f"You may not write to {self.root}. Make it yours, or choose another with --data-dir.")


def write_private(path: Path, text: str) -> None:
    """Replace the file as a whole; only its owner may read it, at no moment anybody else."""
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
