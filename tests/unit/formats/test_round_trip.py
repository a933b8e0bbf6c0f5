"""What is written and read again is the same question, or the list of losses says what is not."""

import io
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.domain.enums import QuestionType
from app.domain.question_draft import QuestionDraft
from app.formats.losses import losses_of
from app.formats.reading import Loss, ReadOptions, Source, WriteOptions
from app.formats.registry import reader_named, writer_named
from tests.unit.formats.question_strategies import any_drafts, simple_drafts

SOME = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow], deadline=None)


def written(name: str, drafts: Sequence[QuestionDraft]) -> tuple[bytes, list[Loss]]:
    out = io.BytesIO()
    losses = writer_named(name).write(drafts, out, WriteOptions())
    return out.getvalue(), losses


def read_again(name: str, data: bytes) -> list[QuestionDraft]:
    events = reader_named(name).read(Source.of_bytes(f"file.{name}", data), ReadOptions())
    return [event for event in events if isinstance(event, QuestionDraft)]


def lost(losses: Sequence[Loss]) -> set[str]:
    return {loss.field for loss in losses}


@given(st.lists(any_drafts, max_size=3))
@SOME
def test_own_json_loses_nothing(drafts: list[QuestionDraft]) -> None:
    data, losses = written("json", drafts)
    again = read_again("json", data)
    assert not losses
    assert [
        draft.model_copy(update={"location": read.location}) for draft, read in zip(drafts, again, strict=True)
    ] == again


@pytest.mark.parametrize("name", ["csv", "gift", "aiken"])
@given(draft=any_drafts)
@SOME
def test_every_difference_is_on_the_list_of_losses(name: str, draft: QuestionDraft) -> None:
    data, losses = written(name, [draft])
    again = read_again(name, data)
    if not lost(losses) & {"type", "question"}:
        assert len(again) == 1
        assert {loss.field for loss in losses_of(1, draft, again[0])} == lost(losses)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        (
            "csv",
            [QuestionType.SINGLE_CHOICE, QuestionType.MULTIPLE_RESPONSE, QuestionType.TRUE_FALSE, QuestionType.ESSAY],
        ),
        (
            "gift",
            [
                QuestionType.SINGLE_CHOICE,
                QuestionType.MULTIPLE_RESPONSE,
                QuestionType.TRUE_FALSE,
                QuestionType.MATCHING,
                QuestionType.ESSAY,
            ],
        ),
    ],
)
@given(data=st.data())
@SOME
def test_the_core_types_lose_nothing(name: str, kinds: list[QuestionType], data: st.DataObject) -> None:
    draft = data.draw(simple_drafts(st.sampled_from(kinds)))
    _, losses = written(name, [draft])
    assert not losses, losses
