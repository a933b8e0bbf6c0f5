import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.enums import QuestionType
from app.formats.latex_exam import LatexExamReader
from app.formats.latex_exam.markup import LatexText
from app.formats.latex_exam.scanning import group, without_comments
from app.formats.pipeline import checked_events
from app.formats.reading import ProblemCode, Source
from tests.unit.formats.package_files import drafts, events_of, problems

EXAM = r"""\documentclass[12pt]{exam}
\newcommand{\blank}[1]{\fillin[#1][2in]}
\newenvironment{either}{\begin{oneparchoices}}{\end{oneparchoices}}
\begin{document}
\begin{questions}
\question[2\half] Is $2^2 = 4$? % a comment with \question
  \begin{choices}
    \choice No
    \CorrectChoice \textbf{Yes}
  \end{choices}
  \begin{solution}[1in]
    Count: \[2 \cdot 2\]
  \end{solution}
\titledquestion{Rivers} Look at the map.
  \begin{parts}
    \part[1] Longest? \begin{either} \CorrectChoice Nile \choice Rhine \end{either}
    \part Which? \begin{checkboxes} \CorrectChoice a \CorrectChoice b \choice c \end{checkboxes}
    \part
      \begin{subparts}
        \subpart Capital of Peru? \blank{Lima}
        \subpart The \fillin[sky] is \fillin.
      \end{subparts}
    \part Describe \emph{one}.
      \begin{tikzpicture}\draw (0,0) -- (1,1);\end{tikzpicture}
  \end{parts}
\end{questions}
\end{document}
"""


def html(text: str) -> str:
    return LatexText().html(text)


def test_an_exam() -> None:
    events = events_of(EXAM.encode())
    found = drafts(events)
    assert [(draft.type, draft.location.line) for draft in found] == [
        (QuestionType.SINGLE_CHOICE, 6),
        (QuestionType.SINGLE_CHOICE, 16),
        (QuestionType.MULTIPLE_RESPONSE, 17),
        (QuestionType.SHORT_ANSWER, 20),
        (QuestionType.CLOZE, 21),
        (QuestionType.ESSAY, 23),
    ]
    first, longest, _, capital, sky, essay = found
    assert (first.stem, first.points) == (r"Is \(2^2 = 4\)?", 2.5)
    assert [(option.html, option.weight) for option in first.options] == [("No", 0), ("<b>Yes</b>", 1)]
    assert first.explanation == r"Count: \[2 \cdot 2\]"
    assert longest.passage is not None
    assert (longest.passage.title, longest.passage.html) == ("Rivers", "Look at the map.")
    assert (capital.stem, capital.answers[0].value) == ("Capital of Peru? _____", "Lima")
    assert sky.stem == "The [[1]] is [[2]]."
    assert essay.stem == "Describe <em>one</em>."
    assert [(each.code, each.location.line) for each in problems(events)] == [
        (ProblemCode.ANSWER_MISSING, 21),
        (ProblemCode.MISSING_MEDIA, 23),
    ]


def test_a_part_of_an_exam_without_its_frame() -> None:
    (draft,) = drafts(events_of(rb"\question Q? \begin{choices}\choice a \CorrectChoice b\end{choices}"))
    assert [option.weight for option in draft.options] == [0, 1]


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"``a'' -- \% \& \_ x~y", "“a” – % &amp; _ x&nbsp;y"),
        (r"a < b \\ c", "a &lt; b <br> c"),
        (r"$a < b$ and $$x$$", r"\(a &lt; b\) and \[x\]"),
        (r"\begin{align*}a&=b\end{align*}", r"\[\begin{align*}a&amp;=b\end{align*}\]"),
        (r"\begin{itemize}\item one \item \textit{two}\end{itemize}", "<ul><li>one</li><li><i>two</i></li></ul>"),
        (r"caf\'e \v{c}", "café č"),
        (r"\unknown{shown} \vspace{2in} \noindent{this}", "shown  this"),
        (
            r"\includegraphics[width=3cm]{map.png} \url{example.org}",
            '<img src="map.png"> <a href="example.org">example.org</a>',
        ),
        ("one\n\ntwo", "one<br>two"),
        (r"\textbf{never closed", "never closed"),
    ],
)
def test_markup(latex: str, expected: str) -> None:
    assert " ".join(html(latex).split()) == " ".join(expected.split())


def test_comments_and_groups() -> None:
    assert without_comments("a % b\nc \\% d") == "a \nc \\% d"
    assert group(r"{a{b}\}c} d", 0) == (r"a{b}\}c", 9)
    assert group("[a{]}b] c", 0, "[") == ("a{]}b", 7)
    assert group("{never", 0) is None


def test_a_forgotten_brace_ends_the_search_for_its_end() -> None:
    assert group("{" * 100 + "}" * 100, 0) is None
    assert group("{" + "a" * 100_000 + "}", 0) is None
    assert group("{" + "a" * 10_000 + "}", 0) is not None


@given(st.text(alphabet="\\{}[]$%&~\n abcquestionpartchoice", max_size=120))
def test_no_text_makes_the_reader_raise(text: str) -> None:
    list(checked_events(LatexExamReader(), Source.of_bytes("f.tex", (r"\question " + text).encode())))
