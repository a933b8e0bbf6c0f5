import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.enums import Role
from app.domain.passwords import normalise_password, password_weakness

EMAIL = "grace.hopper@example.org"


def weakness(password: str, *, role: Role = Role.STUDENT, email: str = EMAIL) -> str | None:
    return password_weakness(password, email=email, role=role)


@pytest.mark.parametrize(
    "password", ["tidal-moss-41", "plain brown window chair", "日本語のパスワードです", "a1!" * 10 + "b"]
)
def test_uncommon_passwords_are_good(password: str) -> None:
    assert weakness(password) is None


@pytest.mark.parametrize(
    ("role", "length", "good"),
    [
        (Role.STUDENT, 7, False),
        (Role.STUDENT, 8, True),
        (Role.TEACHER, 14, False),
        (Role.TEACHER, 15, True),
        (Role.ADMIN, 14, False),
        (Role.ADMIN, 15, True),
        (Role.ADMIN, 128, True),
        (Role.ADMIN, 129, False),
    ],
)
def test_length_depends_on_the_role(role: Role, length: int, good: bool) -> None:
    password = ("kzvu-wq3" * 17)[:length]
    assert (weakness(password, role=role) is None) is good


@pytest.mark.parametrize(
    "password",
    [
        "password",
        "PASSWORD",
        "Password1!",
        "2024password2024",
        "passwordpassword",
        "iloveyou!!",
        "qwertyuiop",
        "welcome123456789",
        "12345678",
        "87654321",
        "7890123456",
        "abcdefgh",
        "hgfedcba",
        "aaaaaaaa",
        "abababab",
        "ｐａｓｓｗｏｒｄ１",
    ],
)
def test_passwords_that_are_tried_first_are_refused(password: str) -> None:
    assert weakness(password) is not None


@pytest.mark.parametrize("password", ["grace.hopper!", "xxGRACE.HOPPERxx7"])
def test_the_own_address_is_refused(password: str) -> None:
    assert weakness(password) is not None


def test_a_short_local_part_does_not_rule_out_passwords() -> None:
    assert weakness("tidal-moss-41", email="al@example.org") is None


def test_length_counts_after_compatibility_normalisation() -> None:
    assert weakness("ﷺ") is None  # one sign on paper, eighteen letters for the computer
    assert normalise_password("ﬁsh") == "fish"


@given(st.text(max_size=200))
def test_any_text_gets_an_answer(password: str) -> None:
    found = weakness(password)
    if found is None:
        assert 8 <= len(normalise_password(password)) <= 128
