"""What keeps a question from being published."""

from collections.abc import Iterator

from app.domain.enums import QuestionType
from app.domain.grading.result import ROUNDING
from app.domain.markup import images_without_alt, referred_files
from app.domain.question_draft import Gap, MediaRef, QuestionDraft
from app.domain.question_html import hidden_html, shown_html
from app.domain.question_structure import ProblemCode, PublishProblem, structure_problems

__all__ = ["ProblemCode", "PublishProblem", "publish_problems", "structure_problems"]

_IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".svg", ".tif", ".tiff")


def publish_problems(draft: QuestionDraft) -> list[PublishProblem]:
    """Problems of the structure, and what published questions need besides: full marks, a skill, alternative texts."""
    problems = structure_problems(draft)
    if ProblemCode.NO_CORRECT not in {problem.code for problem in problems}:
        problems += _full_mark(draft)
    return [*problems, *_skill(draft), *_alternative_texts(draft)]


def _full_mark(draft: QuestionDraft) -> Iterator[PublishProblem]:
    reach = sum if draft.type is QuestionType.MULTIPLE_RESPONSE else max
    if any(reach([max(0.0, weight) for weight in weights]) < 1 - ROUNDING for weights in _weights(draft) if weights):
        yield PublishProblem(ProblemCode.NO_FULL_MARK, "No answer gets full marks.")


def _weights(draft: QuestionDraft) -> Iterator[list[float]]:
    """Of the alternatives, for each part that can be answered."""
    parts: tuple[QuestionDraft | Gap, ...] = (draft, *draft.gaps)
    for part in parts:
        yield [option.weight for option in part.options]
        yield [answer.weight for answer in part.answers]
        yield [answer.weight for answer in part.numeric.answers] if part.numeric else []


def _skill(draft: QuestionDraft) -> Iterator[PublishProblem]:
    if not draft.skills and draft.type is not QuestionType.DESCRIPTION:
        yield PublishProblem(ProblemCode.NO_SKILL, "The question belongs to no skill.")


def _alternative_texts(draft: QuestionDraft) -> Iterator[PublishProblem]:
    """An image has one in its tag or with its file; a file that no tag shows needs one of its own."""
    htmls = [*shown_html(draft), *hidden_html(draft)]
    described = {media.name for media in draft.media if media.alt.strip()}
    referred = {name for html in htmls for name in referred_files(html)}
    hotspot = {draft.hotspot.image} if draft.hotspot else set()
    bare = {name for html in htmls for name in images_without_alt(html)}
    bare |= {media.name for media in draft.media if _is_image(media) and media.name not in referred}
    for name in sorted((bare | hotspot) - described):
        yield PublishProblem(ProblemCode.NO_ALT, f"The image {name} has no alternative text.")


def _is_image(media: MediaRef) -> bool:
    return media.mime.startswith("image/") or media.name.lower().endswith(_IMAGE_SUFFIXES)
