"""A resend is known by its response, so a response must be the same after PostgreSQL has kept it."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.domain.behaviours import fingerprint
from app.domain.responses import Rating, Response
from app.repositories import practice_step_repository  # noqa: F401  # sets how JSON is written

IDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=8)
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
COORDINATES = st.floats(-100_000, 100_000)
RESPONSES = st.one_of(
    st.builds(Response, choice=IDS),
    st.builds(Response, choices=st.lists(IDS, max_size=4).map(tuple)),
    st.builds(Response, text=TEXTS),
    st.builds(Response, pairs=st.dictionaries(IDS, IDS, max_size=4)),
    st.builds(Response, order=st.lists(IDS, max_size=4).map(tuple)),
    st.builds(Response, gaps=st.dictionaries(IDS, TEXTS, max_size=4)),
    st.builds(Response, points=st.lists(st.tuples(COORDINATES, COORDINATES), max_size=3).map(tuple)),
    st.builds(Response, rating=st.sampled_from(Rating)),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(RESPONSES)
def test_a_stored_response_has_the_fingerprint_it_was_sent_with(session: Session, response: Response) -> None:
    sent = Jsonb(response.model_dump(mode="json", exclude_none=True))
    stored = session.scalar(text("SELECT CAST(:sent AS jsonb)"), {"sent": sent})
    assert fingerprint(Response.model_validate(stored)) == fingerprint(response)
