"""What each draft of a file means for the bank; nothing is written here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.domain.enums import QuestionStatus, QuestionType, Severity
from app.domain.publishing import publish_problems
from app.domain.question_draft import QuestionDraft
from app.formats.reading import Problem, ProblemCode, problem
from app.repositories.import_repository import KnownQuestion
from app.repositories.question_repository import FullQuestion
from app.schemas.import_job import RowOutcome
from app.services.import_bank import Bank
from app.services.import_changes import Details, details_of
from app.services.import_events import ReadDraft
from app.services.import_near import Fresh
from app.services.import_reviews import needs_review
from app.services.import_seen import SeenDrafts, SeenQuestion
from app.services.import_things import Thing
from app.services.question_forms import draft_of
from app.utils.html import plain_text
from app.utils.text import excerpt

PUBLISHED = QuestionStatus.PUBLISHED
_CODES = {code.value: code for code in ProblemCode}


@dataclass(frozen=True, slots=True)
class ImportWish:
    """How a file is to be imported. `skill` is given to questions that name none; `publish` those that are complete."""

    subject_id: UUID
    namespace: str = ""
    skill: str = ""
    publish: bool = True


@dataclass(frozen=True, slots=True)
class Judged:
    """A draft with its meaning for the bank: the question it repeats or changes, and the text it would replace."""

    n: int
    draft: QuestionDraft
    read: ReadDraft
    outcome: RowOutcome
    known: KnownQuestion | None = None
    before: FullQuestion | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A draft with the question it is known by; one that is `named` is changed unless all its details are equal."""

    n: int
    draft: QuestionDraft
    read: ReadDraft
    outcome: RowOutcome
    known: KnownQuestion | SeenQuestion | None
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Present:
    """What the bank holds of the questions that a chunk may change."""

    full: Mapping[UUID, FullQuestion]
    skill_names: Mapping[str, str]

    def details(self, known: KnownQuestion | SeenQuestion) -> Details:
        if isinstance(known, SeenQuestion):
            return known.details
        return details_of(draft_of(self.full[known.id]), {})


class ChunkJudge:
    """Compares drafts with the bank and with what came before in the same run."""

    def __init__(self, bank: Bank, wish: ImportWish, seen: SeenDrafts) -> None:
        self._bank, self._wish, self._seen = bank, wish, seen

    def judge(self, things: Sequence[Thing]) -> list[Judged]:
        candidates = self._candidates(things)
        present = self._present([each for each in candidates if each.outcome is RowOutcome.CHANGED])
        return self._with_near(self._with_conflicts([self._judged(each, present) for each in candidates]))

    def _candidates(self, things: Sequence[Thing]) -> list[_Candidate]:
        reads = [(thing, thing.event) for thing in things if isinstance(thing.event, ReadDraft)]
        same = self._bank.by_content({read.digest for _, read in reads})
        named = self._bank.by_name({read.draft.external_id for _, read in reads if read.draft.external_id})
        return [self._candidate(thing, read, same.get(read.digest), named) for thing, read in reads]

    def _candidate(
        self, thing: Thing, read: ReadDraft, same: KnownQuestion | None, named: Mapping[str, KnownQuestion]
    ) -> _Candidate:
        draft, warnings = self._with_own_name(read.draft, thing.warnings)
        outcome, known = self._recognise(draft, read.digest, same, named)
        self._seen.add(draft, read.digest)
        if outcome is RowOutcome.CHANGED and known is not None and known.content_hash != read.digest:
            self._seen.replace(known.content_hash)
        return _Candidate(thing.n, draft, read, outcome, known, warnings)

    def _with_own_name(
        self, draft: QuestionDraft, warnings: tuple[Problem, ...]
    ) -> tuple[QuestionDraft, tuple[Problem, ...]]:
        """Without an external id that an earlier question of the file has; numbers that start anew are no versions."""
        if draft.external_id is None or draft.external_id not in self._seen.names:
            return draft, warnings
        message = f"The id {draft.external_id} stands in the file before; this question is taken without it."
        warning = problem(ProblemCode.DUPLICATE_ROW, message, draft.location, text=draft.stem)
        return draft.model_copy(update={"external_id": None}), (*warnings, warning)

    def _recognise(
        self, draft: QuestionDraft, digest: str, same: KnownQuestion | None, named: Mapping[str, KnownQuestion]
    ) -> tuple[RowOutcome, KnownQuestion | SeenQuestion | None]:
        name, key = draft.external_id or "", bytes.fromhex(digest)
        known = self._seen.earlier.get(name) or named.get(name) if name else None
        if known is not None and known.content_hash == digest:
            return RowOutcome.CHANGED, known
        if key in self._seen.hashes or (same is not None and key not in self._seen.replaced):
            return RowOutcome.IDENTICAL, same
        return (RowOutcome.NEW if known is None else RowOutcome.CHANGED), known

    def _present(self, changing: Sequence[_Candidate]) -> _Present:
        ids = {each.known.id for each in changing if isinstance(each.known, KnownQuestion)}
        names = {name for each in changing for name in each.draft.skills}
        return _Present(self._bank.full(ids), self._bank.skill_names(names))

    def _judged(self, candidate: _Candidate, present: _Present) -> Judged:
        known = candidate.known if isinstance(candidate.known, KnownQuestion) else None
        judged = Judged(
            candidate.n, candidate.draft, candidate.read, candidate.outcome, known, problems=candidate.warnings
        )
        if candidate.outcome is RowOutcome.NEW:
            judged = replace(judged, draft=self._wished(candidate.draft, candidate.read))
        elif candidate.outcome is RowOutcome.CHANGED and candidate.known is not None:
            judged = self._change(judged, candidate.known, present)
        self._leave(judged, candidate.known, present)
        return judged

    def _change(self, judged: Judged, known: KnownQuestion | SeenQuestion, present: _Present) -> Judged:
        wanted = details_of(judged.draft, present.skill_names)
        if known.content_hash == judged.read.digest and not present.details(known).are_changed_by(wanted):
            return replace(judged, outcome=RowOutcome.IDENTICAL)
        if known.status == PUBLISHED and not judged.read.is_complete:
            return replace(judged, outcome=RowOutcome.ERROR, problems=(_refusal(judged.draft), *judged.problems))
        return replace(judged, before=present.full.get(judged.known.id) if judged.known else None)

    def _wished(self, draft: QuestionDraft, read: ReadDraft) -> QuestionDraft:
        """With the skill of the whole file where it names none, and published only if it is complete and sure."""
        skills = draft.skills or ((self._wish.skill,) if self._wish.skill else ())
        has_place = bool(skills) or draft.type is QuestionType.DESCRIPTION
        is_wanted = self._wish.publish or draft.status is PUBLISHED
        status = PUBLISHED if is_wanted and has_place and read.is_complete else QuestionStatus.DRAFT
        if needs_review(draft):
            status = QuestionStatus.REVIEW
        return draft.model_copy(update={"skills": skills, "status": status})

    def _leave(self, judged: Judged, known: KnownQuestion | SeenQuestion | None, present: _Present) -> None:
        name = judged.draft.external_id
        if not self._seen.spans_files or name is None or judged.outcome not in (RowOutcome.NEW, RowOutcome.CHANGED):
            return
        status = judged.draft.status if known is None else known.status
        details = details_of(judged.draft, present.skill_names)
        self._seen.leave(name, SeenQuestion(judged.read.digest, details, status))

    def _with_conflicts(self, judged: Sequence[Judged]) -> list[Judged]:
        stems = {each.n: each.read.stem for each in judged if each.outcome is RowOutcome.NEW}
        taken = self._bank.numbers_with_stems(set(stems.values()))
        return [
            replace(each, problems=(*each.problems, _key_conflict(each.draft, taken[stems[each.n]])))
            if stems.get(each.n) in taken and not _has_conflict(each)
            else each
            for each in judged
        ]

    def _with_near(self, judged: Sequence[Judged]) -> list[Judged]:
        """New questions that are almost the same as another one say so; a conflict says more already."""
        self._seen.near.remember([each.draft for each in judged if _is_other(each)])
        new = [Fresh(each.n, each.draft) for each in judged if each.outcome is RowOutcome.NEW and not _is_other(each)]
        found = self._seen.near.find(self._bank, new, self._seen.replaced)
        return [
            replace(each, outcome=RowOutcome.NEAR_DUPLICATE, problems=(*each.problems, *found[each.n]))
            if each.n in found
            else each
            for each in judged
        ]


def _is_other(judged: Judged) -> bool:
    """Whether a draft is only compared with, and not asked about."""
    if judged.outcome is RowOutcome.NEW:
        return judged.draft.type is QuestionType.DESCRIPTION or _has_conflict(judged)
    return judged.outcome is RowOutcome.CHANGED


def _has_conflict(judged: Judged) -> bool:
    return any(each.code is ProblemCode.KEY_CONFLICT for each in judged.problems)


def _key_conflict(draft: QuestionDraft, number: int) -> Problem:
    message = f"Question {number} of the bank has the same text and options but another key."
    return problem(ProblemCode.KEY_CONFLICT, message, draft.location, text=draft.stem)


def _refusal(draft: QuestionDraft) -> Problem:
    """Why a published question cannot take this text; it keeps its skills when the draft names none."""
    found = publish_problems(draft if draft.skills else draft.model_copy(update={"skills": ("kept",)}))
    reasons = [each.message for each in found] or ["A file that it refers to is missing."]
    code = _CODES.get(found[0].code.value, ProblemCode.SYNTAX) if found else ProblemCode.MISSING_MEDIA
    message = "The question is published and could not be with this text: " + " ".join(reasons)
    return Problem(code, Severity.ERROR, message, draft.location, text=excerpt(plain_text(draft.stem)))
