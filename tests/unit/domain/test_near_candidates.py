from hypothesis import given
from hypothesis import strategies as st

from app.domain.near_candidates import BANDS, NearIndex, band_keys
from app.domain.wording import wording_of

WORDS = ["capital", "river", "longest", "mountain", "oldest", "king", "planet", "metal", "liquid", "ocean", "desert"]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join), min_size=1, max_size=60)


def test_a_misspelt_text_finds_its_twin_among_many() -> None:
    texts = [
        wording_of(f"Which {one} is near the {other} {third}?") for one in WORDS for other in WORDS for third in WORDS
    ]
    index = NearIndex()
    index.add(range(len(texts)), band_keys(texts))
    (found,) = index.candidates(band_keys([wording_of("which rivr is near the oldest desert")]))
    assert texts.index(wording_of("Which river is near the oldest desert?")) in found


def test_texts_with_other_numbers_or_negations_never_meet() -> None:
    index = NearIndex()
    index.add([1], band_keys([wording_of("The war of 1914 was long in Europe")]))
    for other in ("The war of 1915 was long in Europe", "The war of 1914 was not long in Europe"):
        assert index.candidates(band_keys([wording_of(other)])) == [[]]


@given(TEXTS, st.data())
def test_what_is_found_does_not_depend_on_how_the_texts_came(texts: list[str], data: st.DataObject) -> None:
    keys = band_keys([wording_of(text) for text in texts])
    whole, pieces, joined = NearIndex(), NearIndex(), NearIndex()
    whole.add(range(len(texts)), keys)
    at = 0
    while at < len(texts):
        end = data.draw(st.integers(at + 1, len(texts)))
        pieces.add(range(at, end), keys[at:end])
        part = NearIndex()
        part.add(range(end - at), keys[at:end])
        joined.absorb(part, at)
        at = end
    assert whole.candidates(keys) == pieces.candidates(keys) == joined.candidates(keys)


def test_nothing_is_found_in_nothing() -> None:
    assert band_keys([]).shape == (0, BANDS)
    assert NearIndex().candidates(band_keys([wording_of("a")])) == [[]]
