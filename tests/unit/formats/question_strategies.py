"""Generated drafts: anything that may be stored, or what a simple format can hold."""

from hypothesis import strategies as st

from app.domain.enums import QuestionType
from app.domain.question_draft import (
    Answer,
    Criterion,
    Gap,
    Hotspot,
    MatchKind,
    Numeric,
    NumericAnswer,
    Option,
    OrderItem,
    Pair,
    Parametric,
    Passage,
    QuestionDraft,
    Shape,
    ToleranceKind,
    Unit,
    Variable,
)
from app.formats.drafts import local_id, weighted_options
from app.utils.html import sanitize_html
from app.utils.text import safe_text

# The characters that mean something to one of the text formats come up far more often than chance would have them.
texts = (
    st.text(alphabet=st.one_of(st.sampled_from("ab 1=~#{}:\\%;|,\"'\n\t*[]<>&-@+/.)"), st.characters(codec="utf-8")))
    .map(safe_text)
    .map(str.strip)
)
filled_texts = texts.filter(bool)
names = filled_texts.map(lambda text: text[:200].strip()).filter(bool)
fragments = st.one_of(
    texts,
    texts.map(lambda text: f"<p>{text}</p>"),
    texts.map(lambda text: f"x<sup>2</sup> {text}<br>"),
    st.just(r"\(\frac{1}{2} &lt; x\)"),
)
htmls = fragments.map(sanitize_html).map(str.strip)
filled_htmls = htmls.filter(bool)
numbers = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9)
fractions = st.sampled_from([1.0, 0.5, 0.25, 0.0, -0.5, -1.0, 1 / 3])


def _numbered(items: list[str]) -> tuple[tuple[str, str], ...]:
    return tuple((local_id(index), html) for index, html in enumerate(items))


options = st.lists(st.tuples(filled_htmls, fractions, htmls), max_size=6, unique_by=lambda option: option[0]).map(
    lambda items: tuple(
        Option(id=local_id(index), html=html, weight=weight, feedback=feedback)
        for index, (html, weight, feedback) in enumerate(items)
    )
)
answers = st.lists(
    st.builds(
        Answer,
        value=filled_texts,
        match=st.sampled_from(MatchKind),
        case_sensitive=st.booleans(),
        typo_tolerance=st.integers(0, 2),
        weight=fractions,
        feedback=htmls,
    ),
    max_size=4,
).map(tuple)
numeric_answers = st.one_of(
    st.builds(NumericAnswer, value=numbers, tolerance=st.floats(0, 100), weight=fractions, feedback=htmls),
    st.builds(
        NumericAnswer,
        value=numbers,
        kind=st.sampled_from([ToleranceKind.RELATIVE, ToleranceKind.SIGNIFICANT]),
        tolerance=st.floats(0, 4),
    ),
    st.tuples(numbers, numbers)
    .map(sorted)
    .map(
        lambda ends: NumericAnswer(
            value=ends[0] + (ends[1] - ends[0]) / 2,
            kind=ToleranceKind.RANGE,
            tolerance=(ends[1] - ends[0]) / 2,
            low=ends[0],
            high=ends[1],
        )
    ),
)
numerics = st.builds(
    Numeric,
    answers=st.lists(numeric_answers, max_size=3).map(tuple),
    units=st.lists(st.builds(Unit, name=names.map(lambda name: name[:40]), multiplier=numbers), max_size=2).map(tuple),
    unit_required=st.booleans(),
)
pairs = st.lists(st.tuples(filled_htmls, filled_htmls, htmls), max_size=4).map(
    lambda items: tuple(
        Pair(id=local_id(index), left=left, right=right, feedback=feedback)
        for index, (left, right, feedback) in enumerate(items)
    )
)
orders = st.lists(filled_htmls, max_size=4).map(
    lambda items: tuple(OrderItem(id=name, html=html) for name, html in _numbered(items))
)
gaps = st.lists(
    st.builds(
        Gap,
        id=st.sampled_from("abcdef"),
        kind=st.sampled_from(["text", "numeric", "choice"]),
        answers=answers,
        numeric=st.none() | numerics,
        options=options,
        weight=st.floats(0.1, 5),
    ),
    max_size=2,
).map(tuple)
hotspots = st.builds(
    Hotspot,
    image=names,
    shapes=st.lists(
        st.builds(
            Shape, id=st.sampled_from("abc"), kind=st.just("circle"), coords=st.tuples(numbers, numbers, numbers)
        ),
        max_size=2,
    ).map(tuple),
)
parametrics = st.builds(
    Parametric,
    variables=st.just((Variable(name="x"),)),
    expression=st.just("2 * x"),
    tolerance=st.floats(0, 1),
)

any_drafts = st.builds(
    QuestionDraft,
    type=st.sampled_from(QuestionType),
    stem=htmls,
    title=texts,
    external_id=st.none() | names,
    options=options,
    shuffle=st.booleans(),
    answers=answers,
    numeric=st.none() | numerics,
    pairs=pairs,
    distractors=st.lists(htmls, max_size=2).map(tuple),
    order=orders,
    partial_order=st.booleans(),
    gaps=gaps,
    hotspot=st.none() | hotspots,
    parametric=st.none() | parametrics,
    rubric=st.lists(st.builds(Criterion, id=st.just("a"), text=texts, points=st.floats(0, 10)), max_size=1).map(tuple),
    hints=st.lists(htmls, max_size=2).map(tuple),
    explanation=htmls,
    feedback=st.dictionaries(st.sampled_from(["correct", "partial", "incorrect"]), htmls),
    passage=st.none() | st.builds(Passage, external_id=st.none() | names, title=texts, html=htmls),
    points=st.floats(0, 1000),
    penalty=st.floats(0, 1),
    skills=st.lists(names, max_size=2).map(tuple),
    tags=st.lists(names, max_size=2).map(tuple),
    category=st.lists(names, max_size=2).map(tuple),
    language=st.sampled_from(["", "en", "de-AT"]),
    difficulty=st.none() | st.floats(-6, 6),
    extensions=st.dictionaries(texts, st.none() | st.booleans() | st.integers() | texts, max_size=2),
)


@st.composite
def simple_drafts(draw: st.DrawFn, kinds: st.SearchStrategy[QuestionType]) -> QuestionDraft:
    """A draft with no more than the fields of its type, as an author of a plain text file has in mind."""
    kind = draw(kinds)
    fields: dict[str, object] = {"type": kind, "stem": draw(filled_htmls), "explanation": draw(htmls)}
    match kind:
        case QuestionType.TRUE_FALSE:
            fields["options"] = weighted_options(["True", "False"], {draw(st.integers(0, 1))})
        case QuestionType.SINGLE_CHOICE | QuestionType.MULTIPLE_RESPONSE:
            htmls_of_options = draw(st.lists(filled_htmls, min_size=2, max_size=6, unique=True))
            count = 1 if kind is QuestionType.SINGLE_CHOICE else 2
            right = draw(st.sets(st.integers(0, len(htmls_of_options) - 1), min_size=count, max_size=count))
            fields["options"] = weighted_options(htmls_of_options, right)
        case QuestionType.SHORT_ANSWER:
            fields["answers"] = tuple(
                Answer(value=text) for text in draw(st.lists(filled_texts, min_size=1, max_size=3))
            )
        case QuestionType.NUMERICAL:
            fields["numeric"] = Numeric(answers=(draw(numeric_answers),))
        case QuestionType.MATCHING:
            fields["pairs"] = draw(pairs.filter(bool))
    return QuestionDraft.model_validate(fields)
