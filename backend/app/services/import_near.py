"""Which new questions of an import are almost the same as one of the bank or of the file before them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from app.domain.near_candidates import Keys, NearIndex, band_keys
from app.domain.near_duplicates import (
    MIN_TOKEN_SET_RATIO,
    Gist,
    are_near_duplicates,
    contradict,
    gist_of,
    token_set_ratio,
)
from app.domain.question_draft import QuestionDraft
from app.domain.wording import Wording, wording_of
from app.formats.reading import Problem, ProblemCode, problem
from app.formats.validation import describe
from app.services.import_bank import Bank
from app.services.question_forms import draft_of
from app.utils.html import plain_text

_COMPARED = {
    "type", "stem", "options", "answers", "numeric", "pairs", "distractors", "order", "gaps", "media", "explanation",
    "location",
}  # fmt: skip

UNSTORED = 2**31  # numbers from here on are of questions that a dry run would have stored


class Fresh(NamedTuple):
    """A draft that comes in, by its number in the file."""

    n: int
    draft: QuestionDraft


class Twin(NamedTuple):
    """A question that is there already, and how to call it."""

    name: str
    gist: Gist


@dataclass(slots=True)
class StemIndex:
    """Stems by number, with what finds those that share most of their words."""

    keys: NearIndex = field(default_factory=NearIndex)
    folded: dict[int, str] = field(default_factory=dict)

    def add(self, numbers: Sequence[int], stems: Sequence[Wording], keys: Keys) -> None:
        self.keys.add(numbers, keys)
        self.folded |= {number: stem.folded for number, stem in zip(numbers, stems, strict=True)}

    def absorb(self, other: "StemIndex", offset: int) -> None:
        """Take over the stems of another index, their numbers raised by `offset`."""
        self.keys.absorb(other.keys, offset)
        self.folded |= {number + offset: folded for number, folded in other.folded.items()}

    def alike(self, stems: Sequence[Wording], keys: Keys) -> list[list[int]]:
        """For each stem the numbers of those with the same words, numbers and negations, likeliest first."""
        return [
            [each for each in numbers if token_set_ratio(stem.folded, self.folded[each]) >= MIN_TOKEN_SET_RATIO]
            for stem, numbers in zip(stems, self.keys.candidates(keys), strict=True)
        ]


@dataclass(slots=True)
class NearBank:
    """The questions of one subject as far as they were looked at; those that came later are added when it is asked.

    One may be kept for several imports into the same subject that run one after the other.
    """

    stems: StemIndex = field(default_factory=StemIndex)
    last_number: int = 0

    def refresh(self, bank: Bank) -> None:
        for block in bank.stems_after(self.last_number):
            stems = [wording_of(stem) for _, stem in block]
            self.stems.add([number for number, _ in block], stems, band_keys(stems))
            self.last_number = block[-1][0]


class NearFinder:
    """Looks in the bank as it was before the file, and in the file; of this it keeps the texts as JSON."""

    def __init__(self, known: NearBank | None = None) -> None:
        self._known, self._is_fresh = known or NearBank(), False
        self._stems, self._texts, self._earlier = StemIndex(), list[str](), list[str]()

    def next_file(self) -> None:
        """Treat the questions of the file like those of the bank: there they would be by now."""
        self._known.stems.absorb(self._stems, UNSTORED + len(self._earlier))
        self._earlier += self._texts
        self._stems, self._texts = StemIndex(), []

    def find(self, bank: Bank, new: Sequence[Fresh], gone: set[bytes]) -> dict[int, list[Problem]]:
        """Warnings about new drafts, by their number. `gone` are contents that this run takes out of the bank."""
        if not new:
            return {}
        if not self._is_fresh:
            self._known.refresh(bank)
            self._is_fresh = True
        first, stems = len(self._texts), _stems(each.draft for each in new)
        keys = band_keys(stems)
        self._add([each.draft for each in new], stems, keys)
        known = self._twins_in_bank(bank, self._known.stems.alike(stems, keys), gone)
        earlier = [
            [number for number in numbers if number < first + at]
            for at, numbers in enumerate(self._stems.alike(stems, keys))
        ]
        found = ((each, _near(each.draft, known[at], earlier[at], self._texts)) for at, each in enumerate(new))
        return {each.n: problems for each, problems in found if problems}

    def remember(self, drafts: Sequence[QuestionDraft]) -> None:
        """Take note of drafts that are no new questions, or that an earlier run has stored."""
        if drafts:
            stems = _stems(drafts)
            self._add(drafts, stems, band_keys(stems))

    def _add(self, drafts: Sequence[QuestionDraft], stems: Sequence[Wording], keys: Keys) -> None:
        first = len(self._texts)
        self._texts += [draft.model_dump_json(include=_COMPARED, exclude_defaults=True) for draft in drafts]
        self._stems.add(range(first, len(self._texts)), stems, keys)

    def _twins_in_bank(self, bank: Bank, alike: Sequence[Sequence[int]], gone: set[bytes]) -> list[list[Twin]]:
        """In the order of `alike`; only those that stay."""
        wanted = {number for numbers in alike for number in numbers}
        full = bank.numbered({number for number in wanted if number < UNSTORED})
        twins = {number: _parsed(self._earlier[number - UNSTORED]) for number in wanted if number >= UNSTORED} | {
            number: Twin(f"Question {number} of the bank", gist_of(draft_of(each)))
            for number, each in full.items()
            if bytes.fromhex(each.question.content_hash) not in gone
        }
        return [[twins[number] for number in numbers if number in twins] for numbers in alike]


def _near(draft: QuestionDraft, known: Sequence[Twin], earlier: Sequence[int], texts: Sequence[str]) -> list[Problem]:
    """The warnings about the first question that is almost the same."""
    if not known and not earlier:
        return []
    gist = gist_of(draft)
    for twin in (*known, *(_parsed(texts[number]) for number in earlier)):
        if are_near_duplicates(gist, twin.gist):
            return _warnings(draft, gist, twin)
    return []


def _parsed(text: str) -> Twin:
    earlier = QuestionDraft.model_validate_json(text)
    return Twin(f"The question at {describe(earlier.location)}", gist_of(earlier))


def _warnings(draft: QuestionDraft, gist: Gist, twin: Twin) -> list[Problem]:
    text = plain_text(draft.stem)
    found = [problem(ProblemCode.NEAR_DUPLICATE, f"{twin.name} is almost the same.", draft.location, text=text)]
    if contradict(gist, twin.gist):
        message = f"{twin.name} asks almost the same and has another key."
        found.append(problem(ProblemCode.KEY_CONFLICT, message, draft.location, text=text))
    return found


def _stems(drafts: Iterable[QuestionDraft]) -> list[Wording]:
    return [wording_of(plain_text(draft.stem)) for draft in drafts]
