import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.errors import TooLargeError
from app.integrations.storage import FileMissingError, LocalFileStore


def files_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_content_is_found_by_its_hash(tmp_path: Path) -> None:
    store = LocalFileStore(tmp_path / "files")
    stored = store.put([b"ab", b"", b"c"], limit=3)
    assert (stored.sha256, stored.size) == (hashlib.sha256(b"abc").hexdigest(), 3)
    with store.open(stored.sha256) as file:
        assert file.read() == b"abc"


def test_the_same_content_is_kept_once(tmp_path: Path) -> None:
    store = LocalFileStore(tmp_path)
    assert store.put([b"abc"], limit=10) == store.put([b"a", b"bc"], limit=10)
    assert len(files_in(tmp_path)) == 1


def _interrupted() -> Iterator[bytes]:
    yield b"half"
    raise ConnectionError


def test_what_is_not_complete_leaves_nothing(tmp_path: Path) -> None:
    store = LocalFileStore(tmp_path)
    with pytest.raises(TooLargeError):
        store.put([b"abc", b"d"], limit=3)
    with pytest.raises(ConnectionError):
        store.put(_interrupted(), limit=100)
    assert files_in(tmp_path) == []


def test_a_deleted_file_is_missing_and_stays_deleted(tmp_path: Path) -> None:
    store = LocalFileStore(tmp_path)
    digest = store.put([b"abc"], limit=3).sha256
    for _ in range(2):
        store.delete(digest)
        with pytest.raises(FileMissingError):
            store.open(digest)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, "A" * 64, "a" * 64 + "\n"])
def test_only_hashes_are_names(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        LocalFileStore(tmp_path).open(name)
