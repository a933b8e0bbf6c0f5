"""How a question of the bank differs from its draft in a file."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from pydantic import JsonValue

from app.domain.identity import details_hash
from app.domain.question_draft import QuestionDraft
from app.formats.report import question_entry
from app.services.question_drafts import tag_names

MAX_TEXT: Final = 2_000
_COMPARED: Final = (
    "type", "title", "stem", "options", "correct", "pairs", "distractors", "order", "numeric", "feedback", "points",
    "media", "skills", "tags", "category", "difficulty", "language", "hints", "shuffle", "penalty",
)  # fmt: skip
_MORE: Final = {"category", "difficulty", "language", "hints", "shuffle", "penalty", "numeric"}


class Details(NamedTuple):
    """What the content hash leaves out, however a source orders tags and spells skills."""

    digest: str
    skills: frozenset[str]

    def are_changed_by(self, wanted: "Details") -> bool:
        """A source that names no skills leaves them as they are."""
        return self.digest != wanted.digest or (bool(wanted.skills) and self.skills != wanted.skills)


def details_of(draft: QuestionDraft, skill_names: Mapping[str, str]) -> Details:
    """`skill_names` knows the name of each skill that the draft calls by its code or in another case."""
    plain = draft.model_copy(update={"skills": (), "tags": tuple(sorted(tag_names(draft)))})
    return Details(details_hash(plain), frozenset(skill_names.get(name, name) for name in draft.skills))


def differences(before: QuestionDraft, after: QuestionDraft) -> list[dict[str, JsonValue]]:
    """Before and after of every member that a person would see change; long texts are cut."""
    old, new = _shown(before), _shown(after)
    if not after.skills:
        new["skills"] = old["skills"]
    return [
        {"field": name, "before": _cut(old[name]), "after": _cut(new[name])}
        for name in _COMPARED
        if old[name] != new[name]
    ]


def _shown(draft: QuestionDraft) -> dict[str, JsonValue]:
    names: dict[str, JsonValue] = {"skills": [*sorted(draft.skills)], "tags": [*sorted(tag_names(draft))]}
    return question_entry(0, draft) | draft.model_dump(mode="json", include=_MORE) | names


def _cut(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return value if len(value) <= MAX_TEXT else value[: MAX_TEXT - 1] + "…"
    return [_cut(each) for each in value] if isinstance(value, list) else value
