from collections.abc import Sequence

import pytest

from app.domain.enums import QuestionType, Severity
from app.domain.question_draft import QuestionDraft, ToleranceKind
from app.formats.reading import Event, ProblemCode
from tests.unit.formats.package_files import drafts, events_of, media, problems, unsupported, zipped

CHOICES = '<simpleChoice identifier="a">Nile</simpleChoice><simpleChoice identifier="b">Rhine</simpleChoice>'
MATCH = '<responseProcessing template="http://www.imsglobal.org/question/qti_v2p1/rptemplates/match_correct"/>'
MAPPED = MATCH.replace("match_correct", "map_response")


def declared(
    *correct: str, cardinality: str = "single", kind: str = "identifier", rest: str = "", name: str = "R"
) -> str:
    values = "".join(f"<value>{value}</value>" for value in correct)
    right = f"<correctResponse>{values}</correctResponse>" if correct else ""
    attributes = f'identifier="{name}" cardinality="{cardinality}" baseType="{kind}"'
    return f"<responseDeclaration {attributes}>{right}{rest}</responseDeclaration>"


def mapping(**entries: float) -> str:
    listed = "".join(f'<mapEntry mapKey="{key}" mappedValue="{value}"/>' for key, value in entries.items())
    return f"<mapping>{listed}</mapping>"


def item(declarations: str, body: str, processing: str = MATCH, rest: str = "") -> bytes:
    return (
        '<?xml version="1.0"?>'
        '<assessmentItem xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1" identifier="i" title="T">'
        f"{declarations}<itemBody>{body}</itemBody>{processing}{rest}</assessmentItem>"
    ).encode()


def choice(content: str = CHOICES, **attributes: str) -> str:
    extra = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<choiceInteraction responseIdentifier="R"{extra}><prompt>Longest?</prompt>{content}</choiceInteraction>'


def only(events: Sequence[Event]) -> QuestionDraft:
    (draft,) = drafts(events)
    return draft


def weights(draft: QuestionDraft) -> dict[str, float]:
    return {option.html: option.weight for option in draft.options}


def test_single_choice() -> None:
    draft = only(events_of(item(declared("a"), f"<p>Rivers.</p>{choice(shuffle='true')}")))
    assert (draft.type, draft.stem) == (QuestionType.SINGLE_CHOICE, "<p>Rivers.</p><p>Longest?</p>")
    assert weights(draft) == {"Nile": 1, "Rhine": 0}
    assert (draft.external_id, draft.title, draft.shuffle) == ("i", "T", True)


def test_names_of_version_3() -> None:
    data = b"""<qti-assessment-item identifier="i" title="T">
      <qti-response-declaration identifier="R" cardinality="single" base-type="identifier">
        <qti-correct-response><qti-value>b</qti-value></qti-correct-response></qti-response-declaration>
      <qti-item-body><qti-choice-interaction response-identifier="R" max-choices="1">
        <qti-simple-choice identifier="a">x</qti-simple-choice><qti-simple-choice identifier="b">y</qti-simple-choice>
      </qti-choice-interaction><p data-extra-thing="1">z</p></qti-item-body></qti-assessment-item>"""
    assert weights(only(events_of(data))) == {"x": 0, "y": 1}


def test_points_by_mapping() -> None:
    data = item(declared("a", cardinality="multiple", rest=mapping(a=2, b=-1)), choice(), MAPPED)
    assert weights(only(events_of(data))) == {"Nile": 1, "Rhine": -0.5}


def test_key_from_a_rule() -> None:
    rule = (
        "<responseProcessing><responseCondition><responseIf><match><variable identifier='R'/>"
        "<baseValue baseType='identifier'>b</baseValue></match><setOutcomeValue identifier='SCORE'>"
        "<baseValue baseType='float'>1</baseValue></setOutcomeValue></responseIf></responseCondition>"
        "</responseProcessing>"
    )
    assert weights(only(events_of(item(declared(), choice(), rule)))) == {"Nile": 0, "Rhine": 1}
    negated = rule.replace("<match>", "<not><match>").replace("</match>", "</match></not>")
    events = events_of(item(declared(), choice(), negated))
    assert [each.code for each in problems(events)] == [ProblemCode.ANSWER_MISSING]


def test_a_key_that_is_no_option_is_an_error() -> None:
    events = events_of(item(declared("z"), choice()))
    assert [each.code for each in problems(events)] == [ProblemCode.KEY_NOT_OPTION]
    assert not drafts(events)


def test_text_entries_in_a_text_and_alone() -> None:
    field = '<textEntryInteraction responseIdentifier="R"/>'
    in_text = only(events_of(item(declared("York", kind="string"), f"<p>Sun of {field}.</p>")))
    assert (in_text.type, in_text.stem) == (QuestionType.SHORT_ANSWER, "<p>Sun of _____.</p>")
    alone = only(events_of(item(declared("York", kind="string"), f"<div>Sun of what?</div><p>{field}</p>")))
    assert alone.stem == "Sun of what?"


def test_spellings_of_one_text_are_one_answer() -> None:
    field = '<p>x<textEntryInteraction responseIdentifier="R"/></p>'
    data = item(declared("York", kind="string", rest=mapping(York=1, york=1, Kent=0.5)), field, MAPPED)
    answers = only(events_of(data)).answers
    assert [(answer.value, answer.weight, answer.case_sensitive) for answer in answers] == [
        ("York", 1, False),
        ("Kent", 0.5, False),
    ]


def test_numbers_with_a_tolerance() -> None:
    rule = (
        "<responseProcessing><responseCondition><responseIf>"
        "<equal toleranceMode='relative' tolerance='5 5'><variable identifier='R'/><correct identifier='R'/></equal>"
        "</responseIf></responseCondition></responseProcessing>"
    )
    data = item(declared("200", kind="float"), '<p>x <textEntryInteraction responseIdentifier="R"/></p>', rule)
    numeric = only(events_of(data)).numeric
    assert numeric is not None
    assert (numeric.answers[0].value, numeric.answers[0].kind, numeric.answers[0].tolerance) == (
        200,
        ToleranceKind.RELATIVE,
        0.05,
    )


def test_a_slider_with_half_points() -> None:
    body = '<sliderInteraction responseIdentifier="R"><prompt>How many?</prompt></sliderInteraction>'
    entries = mapping(**{"14": 1, "15": 1, "16": 1, "13": 0.5, "17": 0.5})
    numeric = only(events_of(item(declared("15", kind="integer", rest=entries), body, MAPPED))).numeric
    assert numeric is not None
    assert [(each.low, each.high, each.weight) for each in numeric.answers] == [(14, 16, 1), (13, 17, 0.5)]


def test_several_blanks_are_one_text() -> None:
    body = (
        '<p>The <textEntryInteraction responseIdentifier="R"/> is [[x]] '
        '<inlineChoiceInteraction responseIdentifier="S">'
        '<inlineChoice identifier="b">blue</inlineChoice><inlineChoice identifier="g">green</inlineChoice>'
        "</inlineChoiceInteraction>.</p>"
    )
    draft = only(events_of(item(declared("sky", kind="string") + declared("b", name="S"), body)))
    assert draft.stem == "<p>The [[R]] is [ [x] ] [[S]].</p>"
    assert [gap.kind for gap in draft.gaps] == ["text", "choice"]
    assert [option.weight for option in draft.gaps[1].options] == [1, 0]


def test_gap_match_whichever_way_the_pairs_are_written() -> None:
    body = (
        '<gapMatchInteraction responseIdentifier="R"><gapText identifier="w">winter</gapText>'
        '<gapText identifier="s">summer</gapText><p>Now is the <gap identifier="G1"/> or <gap identifier="G2"/></p>'
        "</gapMatchInteraction>"
    )
    draft = only(events_of(item(declared("w G1", "G2 s", cardinality="multiple", kind="directedPair"), body)))
    assert draft.stem == "<p>Now is the [[G1]] or [[G2]]</p>"
    assert [[option.weight for option in gap.options] for gap in draft.gaps] == [[1, 0], [0, 1]]


def side(name: str) -> str:
    return f'<simpleAssociableChoice identifier="{name}">{name}!</simpleAssociableChoice>'


def test_matching_and_ordering() -> None:
    sets = "".join(f"<simpleMatchSet>{''.join(map(side, names))}</simpleMatchSet>" for names in ("ab", "xyz"))
    body = f'<matchInteraction responseIdentifier="R"><prompt>Match</prompt>{sets}</matchInteraction>'
    matching = only(events_of(item(declared("a y", "b x", cardinality="multiple", kind="directedPair"), body)))
    assert [(pair.left, pair.right) for pair in matching.pairs] == [("a!", "y!"), ("b!", "x!")]
    assert matching.distractors == ("z!",)
    body = f'<orderInteraction responseIdentifier="R">{CHOICES}</orderInteraction>'
    ordering = only(events_of(item(declared("b", "a", cardinality="ordered"), f"<p>Sort</p>{body}")))
    assert [each.html for each in ordering.order] == ["Rhine", "Nile"]


def test_an_order_without_a_key_is_never_invented() -> None:
    body = f'<orderInteraction responseIdentifier="R"><prompt>Sort</prompt>{CHOICES}</orderInteraction>'
    events = events_of(item(declared(cardinality="ordered"), body))
    assert not drafts(events)
    assert [each.code for each in problems(events)] == [ProblemCode.NO_CORRECT]


def test_places_on_a_picture() -> None:
    body = (
        '<hotspotInteraction responseIdentifier="R" maxChoices="1"><prompt>Where?</prompt>'
        '<object type="image/png" data="map.png"/><hotspotChoice identifier="A" shape="circle" coords="7,8,9"/>'
        '<hotspotChoice identifier="B" shape="rect" coords="10,20,30,50"/>'
        '<hotspotChoice identifier="C" shape="poly" coords="0,0,1,0,1,1,0,0"/></hotspotInteraction>'
    )
    package = zipped({"q/i.xml": item(declared("B"), body), "q/map.png": b"picture"})
    events = events_of(package)
    hotspot = only(events).hotspot
    assert hotspot is not None
    assert [(shape.kind, shape.coords, shape.correct) for shape in hotspot.shapes] == [
        ("circle", (7, 8, 9), False),
        ("rect", (10, 20, 20, 30), True),
        ("polygon", (0, 0, 1, 0, 1, 1), False),
    ]
    assert media(events) == {hotspot.image: b"picture"}


def test_hot_words_stay_in_the_text() -> None:
    body = (
        '<hottextInteraction responseIdentifier="R"><p>They <hottext identifier="a">was</hottext> '
        '<hottext identifier="b">here</hottext></p></hottextInteraction>'
    )
    draft = only(events_of(item(declared("a"), body)))
    assert draft.stem == "<p>They <mark>was</mark> <mark>here</mark></p>"
    assert weights(draft) == {"was": 1, "here": 0}


def test_feedback_finds_its_place() -> None:
    inline = CHOICES.replace(
        "Nile", '<p>Nile</p><feedbackInline outcomeIdentifier="F" identifier="a">Yes.</feedbackInline>'
    )
    rest = (
        '<modalFeedback outcomeIdentifier="E" identifier="CORRECT">Well done.</modalFeedback>'
        '<modalFeedback outcomeIdentifier="E" identifier="HINT_1">Think of Egypt.</modalFeedback>'
        '<modalFeedback outcomeIdentifier="E" identifier="sol">Because.</modalFeedback>'
    )
    body = f'<rubricBlock view="scorer">Be kind.</rubricBlock>{choice(inline)}'
    draft = only(events_of(item(declared("a"), body, rest=rest)))
    assert [option.feedback for option in draft.options] == ["Yes.", ""]
    assert [option.html for option in draft.options] == ["<p>Nile</p>", "Rhine"]
    assert draft.feedback == {"correct": "Well done."}
    assert draft.hints == ("Think of Egypt.",)
    assert draft.explanation == "Because.<br>Be kind."


@pytest.mark.parametrize(
    "kind", ["drawingInteraction", "graphicOrderInteraction", "customInteraction", "uploadInteraction"]
)
def test_unknown_interactions_are_reported_by_name_and_place(kind: str) -> None:
    events = events_of(zipped({"i.xml": item(declared("a"), f'<{kind} responseIdentifier="R"/>')}))
    assert [(each.kind, each.location.member, each.text) for each in unsupported(events)] == [(kind, "i.xml", "T")]
    assert not drafts(events)


def test_a_composite_names_its_parts() -> None:
    body = f'{choice()}<orderInteraction responseIdentifier="S">{CHOICES}</orderInteraction>'
    (found,) = unsupported(events_of(item(declared("a"), body)))
    assert found.kind == "composite:choiceInteraction+orderInteraction"


def test_computed_items_say_so() -> None:
    body = '<p><printedVariable identifier="N"/> + 1 = <textEntryInteraction responseIdentifier="R"/></p>'
    template = '<templateDeclaration identifier="N" cardinality="single" baseType="integer"/>'
    events = events_of(item(declared(kind="integer") + template, body))
    assert {(each.code, each.severity) for each in problems(events)} == {
        (ProblemCode.UNSUPPORTED_TYPE, Severity.WARNING),
        (ProblemCode.ANSWER_MISSING, Severity.WARNING),
    }


def test_package_order_media_and_shared_texts() -> None:
    manifest = (
        '<manifest><resources><resource identifier="b" type="imsqti_item_xmlv2p2" href="two.xml"/>'
        '<resource identifier="a" type="imsqti_item_xmlv2p2" href="gone.xml"/></resources></manifest>'
    )
    stimulus = (
        '<assessmentStimulus identifier="s" title="Text"><stimulusBody><p>Read.</p></stimulusBody></assessmentStimulus>'
    )
    reference = '<assessmentStimulusRef identifier="s" href="texts/s.xml"/>'
    data = zipped(
        {
            "imsmanifest.xml": manifest,
            "one.xml": item(declared("a"), choice()),
            "two.xml": item(reference + declared("b"), f'{choice()}<img src="img/a%20b.png" alt=""/>'),
            "texts/s.xml": stimulus,
            "img/a b.png": b"picture",
        }
    )
    events = events_of(data)
    two, one = drafts(events)
    assert [draft.location.member for draft in (two, one)] == ["two.xml", "one.xml"]
    assert two.passage is not None
    assert (two.passage.external_id, two.passage.html) == ("s", "<p>Read.</p>")
    assert media(events) == {"img/a b.png": b"picture"}
    assert [(each.code, each.text) for each in problems(events) if each.text == "gone.xml"] == [
        (ProblemCode.MISSING_MEDIA, "gone.xml")
    ]


def test_a_damaged_item_spares_the_others() -> None:
    good = item(declared("a"), choice())
    events = events_of(zipped({"bad.xml": good[:-30], "good.xml": good}))
    assert len(drafts(events)) == 1
    assert [(each.code, each.location.member) for each in problems(events)] == [(ProblemCode.XML, "bad.xml")]
    assert [each.location.member for each in unsupported(events)] == ["bad.xml"]


def test_entities_and_remote_files_are_refused() -> None:
    entity = b'<!DOCTYPE assessmentItem [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    bad = item(declared("a"), choice()).replace(b"?>", b"?>" + entity, 1)
    assert [each.code for each in problems(events_of(bad))] == [ProblemCode.XML]
    remote = item(declared("a"), f'{choice()}<img src="https://example.org/x.png" alt=""/>')
    events = events_of(remote)
    assert [(each.code, each.text) for each in problems(events)] == [
        (ProblemCode.MISSING_MEDIA, "https://example.org/x.png")
    ]
    assert "example.org" not in only(events).stem
