import re
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.step_keys import CLIENT_KEY, own_key

SHOWN = UUID("01a00000-0000-7000-8000-000000000000")


@given(st.sampled_from(["close", "draft", "graded"]), st.uuids())
def test_no_client_can_send_a_key_of_the_servers_own(step: str, assignment_id: UUID) -> None:
    key = own_key(assignment_id, step)
    assert re.search(CLIENT_KEY, key) is None
    assert len(key) <= 64


def test_each_step_has_a_key_of_its_own() -> None:
    keys = [own_key(SHOWN, "close"), own_key(SHOWN, "regraded", "2"), own_key(SHOWN, "regraded", "12")]
    assert len(set(keys)) == len(keys)
