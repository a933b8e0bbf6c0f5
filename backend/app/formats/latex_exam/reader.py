"""Exams written with the LaTeX class ``exam`` as questions."""

import re
from bisect import bisect_right
from collections.abc import Iterator

from app.domain.enums import QuestionType
from app.domain.question_draft import Answer, Gap, Location, Passage
from app.formats.drafts import build_draft, choice_type, weighted_options
from app.formats.latex_exam.macros import expanded
from app.formats.latex_exam.markup import LatexText
from app.formats.latex_exam.scanning import environments, group, without_comments
from app.formats.latex_exam.structure import Node, questions
from app.formats.reading import Event, ProblemCode, ReadOptions, Sample, Source, problem
from app.utils.html import plain_text

_CLASS = re.compile(r"\\documentclass(?:\[[^\]]*\])?\{exam\}")
_SIGNS = re.compile(r"\\begin\{(?:questions|parts|(?:onepar)?(?:choices|checkboxes))\}|\\(?:titled)?question\b")
_CHOICES = re.compile(r"(?:randomize)?(?:onepar)?(?:choices|checkboxes)")
_CHOICE = re.compile(r"\\(choice|CorrectChoice|correctchoice)(?![^\W\d_])")
_SOLUTION = re.compile(r"solution(?:box|orbox|orlines|ordottedlines|orgrid|or)?")
_BLANK = re.compile(r"\\fillin(?![^\W\d_])\*?")
_BODY = re.compile(r"\\begin\{document\}(.*?)(?:\\end\{document\}|$)", re.DOTALL)
_OPEN, _CLOSE = "\x02", "\x03"  # no text holds them


class LatexExamReader:
    name = "latex_exam"
    title = "LaTeX exam class"
    extensions: tuple[str, ...] = (".tex",)

    def sniff(self, sample: Sample) -> float:
        text = without_comments(sample.text)
        if _CLASS.search(text):
            return 0.95
        return 0.8 if len(_SIGNS.findall(text)) > 1 else 0.0

    def read(self, source: Source, _options: ReadOptions) -> Iterator[Event]:
        text = expanded(without_comments(source.text()))
        body = _BODY.search(text)
        first, last = body.span(1) if body else (0, len(text))
        text = "\n" * text.count("\n", 0, first) + text[first:last]
        ends = [found.start() for found in re.finditer("\n", text)]
        for node in questions(text):
            for leaf, passage in _leaves(node, None):
                place = Location(file=source.name, line=bisect_right(ends, leaf.start) + 1)
                yield from _events(leaf, passage, place)


def _leaves(node: Node, passage: Node | None) -> Iterator[tuple[Node, Node | None]]:
    """What is asked, each with the question that it is a part of."""
    if not node.parts:
        yield node, passage
    for part in node.parts:
        yield from _leaves(part, node if node.text.strip() or passage is None else passage)


def _events(node: Node, above: Node | None, place: Location) -> Iterator[Event]:
    texts = LatexText()
    fields = _fields(node, texts)
    if above is not None and (html := texts.html(_without_answers(above.text))):
        fields["passage"] = Passage(title=plain_text(texts.html(above.title)), html=html)
    if node.title:
        fields["title"] = plain_text(texts.html(node.title))
    if node.points is not None:
        fields["points"] = node.points
    if texts.drawings:
        message = "A picture that is drawn in LaTeX is not taken over."
        yield problem(ProblemCode.MISSING_MEDIA, message, place, text=str(fields["stem"]))
    yield build_draft(fields, place)


def _fields(node: Node, texts: LatexText) -> dict[str, object]:
    solutions = [_after_settings(found.body) for found in environments(node.text, _SOLUTION)]
    fields: dict[str, object] = {"explanation": "<br>".join(filter(None, map(texts.html, solutions)))}
    listed = environments(node.text, _CHOICES)
    if listed:
        return (
            fields
            | _choices("\n".join(each.body for each in listed), texts)
            | {
                "stem": texts.html(_without_answers(node.text)),
                "shuffle": listed[0].name.startswith("randomize"),
            }
        )
    marked, blanks = _with_markers(_without_answers(node.text))
    stem = texts.html(marked)
    answers = [plain_text(texts.html(blank)) for blank in blanks]
    if not blanks:
        return fields | {"type": QuestionType.ESSAY, "stem": stem}
    return fields | _blanks(stem, answers)


def _choices(body: str, texts: LatexText) -> dict[str, object]:
    _, *pieces = _CHOICE.split(body)
    htmls = [texts.html(piece) for piece in pieces[1::2]]
    right = {index for index, name in enumerate(pieces[::2]) if name != "choice"}
    kind = choice_type([plain_text(html) for html in htmls], right)
    return {"type": kind, "options": weighted_options(htmls, right)}


def _with_markers(text: str) -> tuple[str, list[str]]:
    """The text with a marker for each blank, and their answers."""
    parts: list[str] = []
    answers: list[str] = []
    at = 0
    while (found := _BLANK.search(text, at)) is not None:
        answer = group(text, found.end(), "[")
        length = group(text, answer.end, "[") if answer else None
        answers.append(answer.content if answer else "")
        parts += [text[at : found.start()], f"{_OPEN}{len(answers)}{_CLOSE}"]
        last = length or answer
        at = last.end if last else found.end()
    return "".join([*parts, text[at:]]), answers


def _blanks(stem: str, answers: list[str]) -> dict[str, object]:
    given = [(Answer(value=answer),) if answer else () for answer in answers]
    if len(answers) == 1:
        shown = re.sub(f"{_OPEN}.{_CLOSE}", "_____", stem)
        return {"type": QuestionType.SHORT_ANSWER, "stem": shown, "answers": given[0]}
    gaps = tuple(Gap(id=str(index), answers=each) for index, each in enumerate(given, start=1))
    text = stem.replace("[[", "[ [").replace(_OPEN, "[[").replace(_CLOSE, "]]")
    return {"type": QuestionType.CLOZE, "stem": text, "gaps": gaps, "points": float(len(gaps))}


def _without_answers(text: str) -> str:
    for names in (_SOLUTION, _CHOICES):
        for found in reversed(environments(text, names)):
            text = f"{text[: found.start]} {text[found.end :]}"
    return text


def _after_settings(body: str) -> str:
    """The body of a solution without the size of its box."""
    at = 0
    while (setting := group(body, at, "[") or group(body, at)) is not None:
        at = setting.end
    return body[at:]
