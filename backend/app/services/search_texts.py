"""What of a question is searched: apart for everybody and for staff, who may find it by its key."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from app.domain.markup import replace_gaps
from app.domain.question_parts import QuestionContent, QuestionKey
from app.domain.search import stemmer_of
from app.repositories.search_document_repository import DocumentSource, DocumentWrite
from app.services.question_files import media_id_of
from app.utils.folding import fold
from app.utils.html import plain_text

LONGEST: Final = 20_000
BLANK: Final = "___"


@dataclass(frozen=True, slots=True)
class SearchTexts:
    """`public` is shown before answering and holds no options; `options` are shown too, `private` never is."""

    public: str
    options: str
    private: str


def texts_of(content: QuestionContent, key: QuestionKey) -> SearchTexts:
    public = [plain_text(replace_gaps(content.stem, lambda _: BLANK))]
    if content.passage is not None:
        public.append(plain_text(content.passage.html))
    return SearchTexts(
        public=" ".join(filter(None, public))[:LONGEST],
        options=_joined(_option_texts(content)),
        private=_joined(_key_texts(key)),
    )


def document_of(source: DocumentSource) -> DocumentWrite:
    """The search document of a question's current version."""
    content, key = QuestionContent.model_validate(source.content), QuestionKey.model_validate(source.key)
    texts = texts_of(content, key)
    names = " ".join((*source.tags, *source.skills))
    images = tuple(image_ids(content))
    return DocumentWrite(
        question_id=source.question_id,
        subject_id=source.subject_id,
        revision=source.revision,
        stemmer=stemmer_of(content.language or source.language),
        public_text=texts.public,
        options_text=texts.options,
        public_words=fold(texts.public),
        staff_words=fold(f"{texts.options} {texts.private} {names}")[:LONGEST],
        image_ids=images,
    )


def image_ids(content: QuestionContent) -> Iterator[UUID]:
    """The stored pictures that the question shows before it is answered."""
    names = dict.fromkeys(media.name for media in content.media)
    if content.hotspot is not None:
        names[content.hotspot.image] = None
    yield from dict.fromkeys(media_id for name in names if (media_id := media_id_of(name)))


def _option_texts(content: QuestionContent) -> Iterator[str]:
    choices = (*content.options, *content.lefts, *content.rights, *content.items)
    yield from (choice.html for choice in choices)
    yield from (option.html for gap in content.gaps for option in gap.options)


def _key_texts(key: QuestionKey) -> Iterator[str]:
    yield from (answer.value for answer in key.answers)
    yield from (answer.value for gap in key.gaps for answer in gap.answers)
    yield key.explanation
    yield from key.hints


def _joined(htmls: Iterator[str]) -> str:
    """Enough of them to fill the length; a question may have thousands."""
    parts: list[str] = []
    length = 0
    for html in htmls:
        text = plain_text(html)
        if not text:
            continue
        parts.append(text)
        length += len(text) + 3
        if length > LONGEST:
            break
    return " / ".join(parts)[:LONGEST]
