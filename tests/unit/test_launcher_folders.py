import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.launcher.failure import LaunchError
from scripts.launcher.folders import DataFolder, write_private
from scripts.launcher.socket_folder import PATH_LIMIT, SOCKET_NAME, socket_folder


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """Like `tmp_path`, whose own name is nearly too long for a socket."""
    with tempfile.TemporaryDirectory(prefix="studium-") as folder:
        yield Path(folder)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_private_file_is_for_its_owner_only_and_replaced_as_a_whole(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    for text in ("first", "second"):
        write_private(secret, text)
        assert (secret.read_text(encoding="utf-8"), mode_of(secret)) == (text, 0o600)
    assert list(tmp_path.iterdir()) == [secret]


def test_file_in_the_way_of_the_data_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("", encoding="utf-8")
    with pytest.raises(LaunchError, match="is in the way"):
        DataFolder(tmp_path / "data").create()


def test_files_and_logs_are_private(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    data.create()
    data.create()
    assert mode_of(data.files) == mode_of(data.logs) == 0o700


def test_wanted_socket_folder_is_taken_when_it_suits(short_folder: Path) -> None:
    assert socket_folder(short_folder / "socket", None) == short_folder / "socket"
    assert socket_folder(short_folder / "socket", None) == short_folder / "socket"


@pytest.mark.parametrize("name", ["x" * 120, "with space", "with,comma", "schön"])
def test_socket_goes_elsewhere_when_the_path_does_not_suit(short_folder: Path, name: str) -> None:
    wanted = short_folder / name / "socket"
    folder = socket_folder(wanted, None)
    try:
        assert len(str(folder / SOCKET_NAME)) <= PATH_LIMIT
        assert mode_of(folder) == 0o700
        assert socket_folder(wanted, None) == folder, "a second start finds the same"
    finally:
        folder.rmdir()


def test_socket_folder_open_to_others_is_refused(short_folder: Path) -> None:
    (short_folder / "socket").mkdir()
    (short_folder / "socket").chmod(0o755)
    with pytest.raises(LaunchError, match="open to others"):
        socket_folder(short_folder / "socket", None)
