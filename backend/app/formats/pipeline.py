"""What every import does with what a reader gives: bound, clean, validate, compare within the file."""

from collections.abc import Iterator

from pydantic import ValidationError

from app.domain.enums import Severity
from app.domain.question_draft import Location, QuestionDraft
from app.formats.cleaning import clean
from app.formats.drafts import problem_of
from app.formats.reading import Event, Problem, ProblemCode, Reader, ReadError, ReadOptions, Source, problem
from app.formats.validation import Repetitions, draft_problems

_DEFAULT_OPTIONS = ReadOptions()


def checked_events(
    reader: Reader,
    source: Source,
    options: ReadOptions = _DEFAULT_OPTIONS,
    repetitions: Repetitions | None = None,
) -> Iterator[Event]:
    """Events of a file. Every draft given is safe and whole; its warnings come right before it.

    When a draft comes, its hashes are the latest of `repetitions`.

    Never raises for what a file holds: a file that cannot be read on ends with an error.
    """
    repetitions = repetitions or Repetitions()
    try:
        for number, event in enumerate(reader.read(source, options), start=1):
            if number > options.limits.rows:
                message = f"Only the first {options.limits.rows} items were read."
                yield problem(ProblemCode.TOO_LARGE, message, event.location)
                return
            if isinstance(event, QuestionDraft):
                yield from _checked(event, repetitions)
            else:
                yield event
    except ReadError as error:
        yield error.problem
    except ValidationError as error:
        yield problem_of(error, Location(file=source.name))
    except RecursionError:
        yield problem(ProblemCode.TOO_LARGE, "The file is nested too deeply.", Location(file=source.name))


def _checked(raw: QuestionDraft, repetitions: Repetitions) -> Iterator[Event]:
    draft, warnings = clean(raw)
    yield from warnings
    if isinstance(draft, Problem):
        yield draft
        return
    problems = list(draft_problems(draft))
    yield from problems
    if any(found.severity is Severity.ERROR for found in problems):
        return
    yield from repetitions.problems(draft)
    yield draft
