import pytest

from app.services.picture_upload import ImageError, picture_made
from tests.unit.test_images import picture


def scans_without_end() -> bytes:
    """A photograph of 90 KB whose last pass over all its pixels comes some thousand times more."""
    data = picture("JPEG", size=(7000, 7000), progressive=True)
    begin, end = data[:-2], data[-2:]
    return begin + begin[begin.rindex(b"\xff\xda") :] * 3000 + end


def test_a_picture_that_takes_hours_is_given_up() -> None:
    with pytest.raises(ImageError, match="too much work"):
        picture_made("small", scans_without_end())


def test_a_picture_is_made_by_another_process() -> None:
    whole, small = (picture_made(wish, picture("JPEG", size=(1000, 500))) for wish in ("whole", "small"))
    assert (whole.mime, whole.width, whole.height) == ("image/jpeg", 1000, 500)
    assert (small.mime, small.width, small.height) == ("image/png", 768, 384)
    with pytest.raises(ImageError, match="broken"):
        picture_made("whole", picture("JPEG")[:-30])
