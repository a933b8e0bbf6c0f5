import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.emails import canonical_email, local_part


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("Ada@Example.ORG", "ada@example.org"),
        ("ÉLODIE@example.org", "élodie@example.org"),
        ("E\u0301lodie@example.org", "élodie@example.org"),
        ("Straße@example.org", "strasse@example.org"),
        ("ΟΔΥΣΣΕΥΣ@example.org", "οδυσσευσ@example.org"),
    ],
)
def test_spellings_of_one_address_meet(written: str, stored: str) -> None:
    assert canonical_email(written) == stored


@given(st.text(max_size=60))
def test_the_stored_address_is_its_own_canonical_and_lower_case(address: str) -> None:
    stored = canonical_email(address)
    assert canonical_email(stored) == stored
    assert stored == stored.lower()


def test_an_address_that_folding_makes_too_long_is_refused() -> None:
    with pytest.raises(ValueError, match="longer"):
        canonical_email("ŉ" * 200 + "@example.org")


def test_local_part() -> None:
    assert local_part("ada.l@example.org") == "ada.l"
