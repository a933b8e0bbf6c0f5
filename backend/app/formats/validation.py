"""What makes a draft unusable (errors) or unfinished (warnings), the same for every format."""

from collections.abc import Iterator

from app.domain.enums import Severity
from app.domain.identity import Hashes, hashes_of
from app.domain.markup import referred_files
from app.domain.question_draft import Location, QuestionDraft
from app.domain.question_html import hidden_html, shown_html
from app.domain.question_structure import structure_problems
from app.formats.reading import Problem, ProblemCode, problem
from app.utils.html import plain_text
from app.utils.text import excerpt

# An import never refuses what its author can still complete: such a question comes in as a draft.
_UNFINISHED = frozenset({ProblemCode.ANSWER_MISSING, ProblemCode.DUPLICATE_OPTION, ProblemCode.EMPTY_OPTION})
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def draft_problems(draft: QuestionDraft) -> Iterator[Problem]:
    """Problems of one cleaned draft; after an error it is not imported, after warnings it stays a draft."""
    for found in structure_problems(draft):
        code = ProblemCode(found.code.value)
        if code is ProblemCode.NO_CORRECT:
            code = ProblemCode.ANSWER_MISSING
        severity = Severity.WARNING if code in _UNFINISHED else code.severity
        yield Problem(code, severity, found.message, draft.location, text=excerpt(plain_text(draft.stem)))
    for name in sorted(_referred(draft) - {media.name for media in draft.media}):
        yield problem(ProblemCode.MISSING_MEDIA, "A file it refers to is not there.", draft.location, text=name)
    if _REPLACEMENT in draft.stem or any(_REPLACEMENT in option.html for option in draft.options):
        message = "Some characters could not be read. Name the encoding of the file."
        yield problem(ProblemCode.LOST_CHARACTERS, message, draft.location, text=draft.stem)


def _referred(draft: QuestionDraft) -> set[str]:
    names = {name for html in (*shown_html(draft), *hidden_html(draft)) for name in referred_files(html)}
    return names | {draft.hotspot.image} if draft.hotspot else names


class Repetitions:
    """What earlier drafts of the same file a draft repeats or contradicts; `latest` are the hashes of the last one."""

    def __init__(self) -> None:
        # 100,000 questions of one file must stay small: half a digest and a short text for each.
        self._contents: dict[bytes, str] = {}
        self._stems: dict[bytes, str] = {}
        self.latest: Hashes | None = None

    def problems(self, draft: QuestionDraft) -> Iterator[Problem]:
        self.latest = hashes_of(draft)
        content, stem = (bytes.fromhex(digest)[:16] for digest in self.latest)
        if (earlier := self._contents.get(content)) is not None:
            yield self._problem(ProblemCode.DUPLICATE_ROW, f"The same question as {earlier}.", draft)
        elif (earlier := self._stems.get(stem)) is not None:
            yield self._problem(ProblemCode.KEY_CONFLICT, f"The same question as {earlier} with another answer.", draft)
        place = describe(draft.location)
        self._contents.setdefault(content, place)
        self._stems.setdefault(stem, place)

    @staticmethod
    def _problem(code: ProblemCode, message: str, draft: QuestionDraft) -> Problem:
        return problem(code, message, draft.location, text=plain_text(draft.stem))


def describe(location: Location) -> str:
    """``line 12, row 10``: where something is, for a message."""
    places = {"member": location.member, "page": location.page, "line": location.line, "row": location.row}
    return ", ".join(f"{name} {value}" for name, value in places.items() if value is not None) or "an earlier one"
