"""Words of a picture of a page, read by the engine that is surest of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PIL import Image

from app.ai.processing.image_cleanup import CleanPage, clean_page
from app.ai.processing.missed_text import missed_areas
from app.ai.processing.ocr_engines import OcrEngine, OcrError, engines
from app.ai.processing.ruled_grids import Area
from app.ai.processing.words import Word

_SURE = 0.65
_UPRIGHT = 0.7
_SEVERAL = 3


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """Words in pixels of the cleaned page; `confidence` from 0 to 1 is that of the average letter."""

    page: CleanPage
    words: tuple[Word, ...]
    engine: str

    @property
    def confidence(self) -> float:
        letters = sum(len(word.text) for word in self.words)
        return sum(word.confidence * len(word.text) for word in self.words) / letters if letters else 0.0

    @property
    def is_on_its_side(self) -> bool:
        """Whether most words of several letters are higher than wide: some engines read those as well."""
        words = [word for word in self.words if len(word.text) >= _SEVERAL]
        return sum(word.height > word.right - word.left for word in words) * 2 > len(words)


def recognised(picture: Image.Image) -> RecognisedPage:
    """The page as the first engine reads it, turned upright if need be, or as the next one does if it is unsure.

    Raises:
        OcrError: When no engine is there, or all fail.
    """
    available = engines()
    best: RecognisedPage | None = None
    for engine in available:
        try:
            found = _complete(_upright(picture, engine), engine, available[-1])
        except OcrError:
            continue
        if best is None or found.confidence > best.confidence:
            best = found
        if best.confidence >= _SURE:
            break
    if best is None:
        raise OcrError("No program that reads characters from pictures is installed.")
    return best


def _upright(picture: Image.Image, engine: OcrEngine) -> RecognisedPage:
    found = _read(picture, engine)
    if found.confidence >= _UPRIGHT and not found.is_on_its_side:
        return found
    others = [_read(picture, engine, turns) for turns in engine.quarter_turns(found.page.image)]
    return max([found, *others], key=lambda each: (not each.is_on_its_side, each.confidence))


def _read(picture: Image.Image, engine: OcrEngine, quarter_turns: int = 0) -> RecognisedPage:
    page = clean_page(picture, quarter_turns)
    return RecognisedPage(page, tuple(engine.words(page.image)), engine.name)


def _complete(found: RecognisedPage, engine: OcrEngine, best_for_cells: OcrEngine) -> RecognisedPage:
    """With what is passed over in a whole page: single letters in tables, and now and then a paragraph."""
    words = [*found.words]
    page = found.page
    for grid in page.grids if engine.passes_over else ():
        cells = [_moved(word, grid) for word in best_for_cells.cells(page.table(grid))]
        outside = [word for word in words if not _is_inside(word, grid)]
        if len(cells) >= len(words) - len(outside):
            words = outside + cells
    for area in missed_areas(page.image, words) if engine.passes_over else ():
        crop = page.image.crop((area.left, area.top, area.right, area.bottom))
        found_there = [_moved(word, area) for word in engine.cells(crop)]
        words += [word for word in found_there if word.confidence >= _SURE and not _overlaps(word, words)]
    return replace(found, words=tuple(words))


def _overlaps(word: Word, others: Sequence[Word]) -> bool:
    return any(
        word.left < other.right and other.left < word.right and word.top < other.bottom and other.top < word.bottom
        for other in others
    )


def _moved(word: Word, area: Area) -> Word:
    return replace(
        word,
        left=word.left + area.left,
        right=word.right + area.left,
        top=word.top + area.top,
        bottom=word.bottom + area.top,
        baseline=word.baseline + area.top,
    )


def _is_inside(word: Word, area: Area) -> bool:
    return area.left <= (word.left + word.right) / 2 < area.right and area.top <= word.middle < area.bottom
