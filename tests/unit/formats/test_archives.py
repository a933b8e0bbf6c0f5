import io
import stat
import struct
import zipfile

import pytest

from app.formats.archives import Archive
from app.formats.reading import Limits, ProblemCode, ReadError, Source

STANDARD = Limits()
FILES = {
    "quiz/quiz.xml": b"<quiz/>",
    "quiz/near.png": b"near",
    "web_resources/Uploaded Media/A & b.png": b"far",
    "exam/files/org0/images/image.png": b"zero",
    "exam/files/org1/images/image.png": b"one",
    "csfiles/home_dir/map__xid-12_1.png": b"map",
}


def packed(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, compression)
    return out.getvalue()


def opened(data: bytes, limits: Limits = STANDARD) -> Archive:
    return Archive(Source.of_bytes("a.zip", data), limits)


def refusal(data: bytes, limits: Limits = STANDARD) -> ProblemCode:
    with pytest.raises(ReadError) as caught:
        [*map(opened(data, limits).read, opened(data, limits).names)]
    return caught.value.problem.code


def test_members() -> None:
    archive = opened(packed(FILES))
    assert archive.names == tuple(FILES)
    assert archive.read("quiz/near.png") == b"near"
    media = archive.media("quiz/near.png")
    assert (media.name, media.size, media.open().read(), media.open().read()) == ("quiz/near.png", 4, b"near", b"near")


@pytest.mark.parametrize(
    ("link", "name"),
    [
        ("near.png", "quiz/near.png"),
        ("./NEAR.PNG", "quiz/near.png"),
        ("../quiz/near.png?canvas_download=1", "quiz/near.png"),
        ("$IMS-CC-FILEBASE$/Uploaded%20Media/A%20%26%20b.png", "web_resources/Uploaded Media/A & b.png"),
        ("%24IMS-CC-FILEBASE%24/Uploaded%20Media/a%20&%20b.png", "web_resources/Uploaded Media/A & b.png"),
        ("$IMS_CC_FILE_BASE$org1/images/image.png", "exam/files/org1/images/image.png"),
        ("@@PLUGINFILE@@/quiz/near.png", "quiz/near.png"),
        ("web_resources\\Uploaded Media\\A & b.png", "web_resources/Uploaded Media/A & b.png"),
        ("org0/images/image.png#frag", "exam/files/org0/images/image.png"),
        ("images/image.png", None),
        ("../../../../etc/passwd", None),
        ("missing.png", None),
        ("", None),
    ],
)
def test_links(link: str, name: str | None) -> None:
    assert opened(packed(FILES)).find(link, base="quiz/quiz.xml") == name


@pytest.mark.parametrize("name", ["../evil", "a/../../evil", "/etc/passwd", "C:\\evil", "..\\evil", "a\x01b"])
def test_names_that_point_outside_are_refused_and_named(name: str) -> None:
    archive = opened(packed({name: b"x", "good": b"y"}))
    assert archive.names == ("good",)
    (problem,) = archive.problems
    assert problem.code is ProblemCode.SYNTAX
    assert problem.text


def test_symbolic_links_are_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        info = zipfile.ZipInfo("link")
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, "/etc/passwd")
    assert opened(out.getvalue()).names == ()


def test_bombs_are_refused_by_the_table_of_contents() -> None:
    zeros = packed({"zeros": bytes(20_000_000)})
    assert refusal(zeros) is ProblemCode.TOO_LARGE
    assert refusal(packed({"a": bytes(1000)}), Limits(expanded_bytes=999)) is ProblemCode.TOO_LARGE
    assert refusal(packed({str(n): b"" for n in range(11)}), Limits(members=10)) is ProblemCode.TOO_LARGE


def test_a_member_is_never_longer_than_its_entry_says() -> None:
    data = bytearray(packed({"zeros": bytes(20_000_000)}))
    size = struct.pack("<I", 20_000_000)
    lie = struct.pack("<I", 100)
    assert data.count(size) == 2
    assert refusal(bytes(data.replace(size, lie))) is ProblemCode.SYNTAX


def test_damage_and_encryption_have_their_own_errors() -> None:
    assert refusal(b"PK\x03\x04 and no archive") is ProblemCode.SYNTAX
    data = bytearray(packed({"a": b"hello hello"}, zipfile.ZIP_STORED))
    broken = bytes(data).replace(b"hello hello", b"hellO hello", 1)
    assert refusal(broken) is ProblemCode.SYNTAX
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1
    assert refusal(bytes(data)) is ProblemCode.ENCRYPTED
