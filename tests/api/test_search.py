"""Search as students and staff meet it."""

import dataclasses
import io
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from PIL import Image, ImageDraw
from sqlalchemy.orm import Session, sessionmaker

from app.ai.vector_db.client import ChromaClient
from app.ai.vector_db.collections import Collections
from app.ai.vector_db.queries import Queries
from app.core.clock import utc_now
from app.domain.enums import QuestionStatus, Role
from app.domain.question_draft import MediaRef
from app.integrations.storage import LocalFileStore
from app.models import LearnerItemState, Question, QuestionImage, User
from app.services.media_service import MediaService
from app.services.picture_work import PictureWork
from app.services.semantic_tools import SemanticTools, VectorIndex
from tests.factories.questions import choice_draft, make_question, text_draft
from tests.factories.semantic import RenamedEmbedder, index_at, run_index, tools_of
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import auth, make_user

PATH = "/api/v1/search"


class World:
    """A bank with its searches, and whoever searches."""

    def __init__(self, app: FastAPI, client: TestClient, session: Session, sessions: sessionmaker[Session]) -> None:
        self.app, self.client, self.session, self.sessions = app, client, session, sessions
        self.subject = make_subject(session)
        self.student, self.teacher = make_user(session), make_user(session, role=Role.TEACHER)
        self.admin = make_user(session, role=Role.ADMIN)
        session.commit()

    def question(self, stem: str, right: str = "yes", **fields: Any) -> Question:
        status = fields.pop("status", QuestionStatus.PUBLISHED)
        subject, skills = fields.pop("subject", self.subject), fields.pop("skills", None)
        question = make_question(
            self.session, subject, choice_draft(right, ("no",), stem=stem, **fields), status=status, skills=skills
        )
        self.session.commit()
        return question

    def index(self, tools: SemanticTools | None = None) -> None:
        """Bring everything up to date, and search with these tools from now on."""
        if tools is not None:
            self.app.state.semantic = tools
        run_index(self.sessions, self.app.state.semantic)

    def get(self, user: User | None = None, path: str = PATH, **params: Any) -> Any:
        reply = self.client.get(path, headers=auth(self.client, user or self.teacher), params=params)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def ids(self, user: User | None = None, **params: Any) -> list[UUID]:
        return [UUID(item["id"]) for item in self.get(user, **params)["items"]]


@pytest.fixture
def world(app: FastAPI, client: TestClient, session: Session, sessions: sessionmaker[Session]) -> Iterator[World]:
    before = app.state.semantic
    app.state.semantic = tools_of()
    yield World(app, client, session, sessions)
    app.state.semantic = before


@pytest.fixture
def with_chroma(chroma: ChromaClient) -> Iterator[SemanticTools]:
    index = index_at(chroma)
    tools = tools_of(index=index)
    yield tools
    index.collections.drop(tools.questions)


def test_words_are_found_without_regard_to_endings_case_and_accents(world: World) -> None:
    capital = world.question("<p>Which <b>city</b> is the capital of Perú?</p>")
    other = world.question("Which river flows through Köln?")
    world.index()
    assert world.ids(q="CITIES capitals peru")[0] == capital.id
    assert world.ids(q="koln rivers")[0] == other.id
    assert world.ids(q='"capital of Peru"')[0] == capital.id
    assert world.ids(q="which -capital -perú") == [other.id]
    assert world.ids(q='"flows river"') == []
    assert world.ids(q='"river flows through"') == [other.id]


def test_found_words_are_marked_in_plain_text(world: World) -> None:
    world.question("<p>Name two <i>cities</i> &lt;b&gt; of Asia.</p>")
    world.index()
    snippet = world.get(q="city asia")["items"][0]["snippet"]
    assert "".join(segment["text"] for segment in snippet) == "Name two cities <b> of Asia."
    assert [segment["text"] for segment in snippet if segment["is_match"]] == ["cities", "Asia"]


def test_a_misspelt_word_is_understood_and_corrected(world: World) -> None:
    wanted = world.question("What does photosynthesis make?")
    world.question("What do plants drink?")
    world.index()
    found = world.get(q="photosinthesis")
    assert found["did_you_mean"] == "photosynthesis"
    assert world.app.state.semantic.texts.texts[-1] == "photosynthesis"
    assert UUID(found["items"][0]["id"]) == wanted.id
    assert world.get(q="photosynthesis")["did_you_mean"] == ""


def test_students_find_what_is_published_and_nothing_by_its_key(world: World) -> None:
    archived = make_subject(world.session, archived_at=utc_now())
    shown = world.question("Which planet is red?", "Mars", explanation="zebra rust")
    for status in (QuestionStatus.DRAFT, QuestionStatus.REVIEW, QuestionStatus.RETIRED):
        world.question(f"Which planet is {status.value}?", status=status)
    world.question("Which planet is archived?", subject=archived)
    typed = make_question(world.session, world.subject, text_draft("quetzal", stem="Which bird?", hints=("zebra",)))
    world.session.commit()
    world.index()
    assert world.ids(world.student, q="planet") == [shown.id]
    assert len(world.ids(world.teacher, q="planet")) == 5
    for secret in ("mars", "zebra", "rust", "quetzal"):
        found = world.get(world.student, q=secret, facets=True)
        assert (found["items"], found["skills"], found["did_you_mean"]) == ([], [], ""), secret
        assert world.ids(world.teacher, q=secret)[0] in {shown.id, typed.id}
    reply = world.client.get(f"{PATH}/similar/{shown.id}", headers=auth(world.client, world.student))
    assert all(UUID(item["id"]) != shown.id for item in reply.json()["items"])


def test_a_misspelling_is_never_corrected_to_a_word_of_a_key(world: World) -> None:
    world.question("Which is it?", "Kilimanjaro", explanation="Kilimanjaro")
    world.index()
    assert world.get(world.student, q="kilimanjara")["did_you_mean"] == ""


def test_filters_narrow_both_arms(world: World) -> None:
    other = make_subject(world.session)
    skill = make_skill(world.session, world.subject)
    easy = world.question("The common word, easy", difficulty=-2.0, skills=[skill])
    hard = world.question("The common word, hard", difficulty=2.0)
    world.question("The common word, elsewhere", subject=other)
    world.session.add(LearnerItemState(user_id=world.student.id, question_id=hard.id, last_at=utc_now()))
    world.session.commit()
    world.index()
    both = {"q": "common word", "subject_id": str(world.subject.id)}
    assert set(world.ids(**both)) == {easy.id, hard.id}
    assert world.ids(**both, difficulty_max=0) == [easy.id]
    assert world.ids(**both, skill_id=str(skill.id)) == [easy.id]
    assert world.ids(world.student, **both, seen="seen") == [hard.id]
    assert world.ids(world.student, **both, seen="unseen") == [easy.id]
    assert world.ids(**both, type="essay") == []
    assert world.ids(**both, has_image=True) == []
    assert world.ids(**both, status="draft") == []
    assert world.ids(**both, discrimination_min=0.1) == []


def test_facets_count_what_was_found(world: World) -> None:
    skill = make_skill(world.session, world.subject)
    world.question("A common word", difficulty=-2.0, skills=[skill])
    world.question("Another common word", difficulty=2.0, skills=[skill])
    world.index()
    facets = {(each["facet"], each["value"]): each["count"] for each in world.get(q="common", facets=True)["facets"]}
    assert facets[("subject", str(world.subject.id))] == facets[("skill", str(skill.id))] == 2
    assert facets[("difficulty", "easy")] == facets[("difficulty", "hard")] == 1
    assert facets[("seen", "unseen")] == 2
    assert world.get(q="common")["facets"] is None


def test_skills_are_found_by_their_names(world: World) -> None:
    skill = make_skill(world.session, world.subject, name="Quadratic equations", description="Parabolas.")
    gone = make_skill(world.session, world.subject, name="Old equations", archived_at=utc_now())
    world.session.commit()
    world.index()
    found = world.get(world.student, q="equation", kind="skills")
    assert [each["id"] for each in found["skills"]] == [str(skill.id)]
    assert (found["items"], found["next_cursor"]) == ([], None)
    assert str(gone.id) not in str(found)


def test_pages_follow_the_ranking_without_gaps(world: World) -> None:
    made = {world.question(f"Common word number {number}").id for number in range(7)}
    world.index()
    found: list[UUID] = []
    params: dict[str, Any] = {"q": "common word", "limit": 3}
    while True:
        page = world.get(**params)
        found += [UUID(item["id"]) for item in page["items"]]
        if page["next_cursor"] is None:
            break
        params["cursor"] = page["next_cursor"]
    assert len(found) == len(set(found)) == 7
    assert set(found) == made


def test_similar_questions_may_be_easier_or_harder(world: World) -> None:
    stem = "What is the sum of the angles in a {}?"
    middle, easy, hard = (
        world.question(stem.format(word), difficulty=difficulty)
        for word, difficulty in (("square", 0.0), ("triangle", -1.5), ("hexagon", 1.5))
    )
    world.question("Who painted the ceiling?")
    world.index()
    path = f"{PATH}/similar/{middle.id}"
    assert set(world.ids(path=path)[:2]) == {easy.id, hard.id}
    assert world.ids(path=path, like="easier") == [easy.id]
    assert world.ids(world.student, path=path, like="harder") == [hard.id]


def test_similar_to_what_one_may_not_see_is_not_found(world: World) -> None:
    draft = world.question("Hidden?", status=QuestionStatus.DRAFT)
    world.index()
    for question_id in (draft.id, uuid4()):
        reply = world.client.get(f"{PATH}/similar/{question_id}", headers=auth(world.client, world.student))
        assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


def test_search_by_the_index_and_without_it_finds_the_same(world: World, with_chroma: SemanticTools) -> None:
    made = [world.question(f"Word{number} in a question") for number in range(5)]
    world.index(with_chroma)
    found = world.get(q="word3 question")
    assert UUID(found["items"][0]["id"]) == made[3].id
    assert found["degraded"] == []
    world.app.state.semantic = dataclasses.replace(with_chroma, index=None)
    assert world.ids(q="word3 question")[0] == made[3].id


def test_words_alone_are_searched_while_the_index_is_away(world: World, with_chroma: SemanticTools) -> None:
    wanted = world.question("Which planet is red?")
    world.index(with_chroma)
    away = ChromaClient("http://127.0.0.1:9", timeout_s=0.5)
    world.app.state.semantic = dataclasses.replace(with_chroma, index=VectorIndex(Collections(away), Queries(away)))
    found = world.get(q="red planet")
    assert found["degraded"] == ["index_down"]
    assert UUID(found["items"][0]["id"]) == wanted.id
    assert "vectors" not in found


def test_an_index_that_was_never_built_is_told(world: World, with_chroma: SemanticTools) -> None:
    wanted = world.question("Which planet is red?")
    world.index()
    world.app.state.semantic = with_chroma
    found = world.get(q="red planet")
    assert found["degraded"] == ["index_empty"]
    assert UUID(found["items"][0]["id"]) == wanted.id


def test_what_the_index_remembers_is_checked_against_the_bank(world: World, with_chroma: SemanticTools) -> None:
    retired = world.question("Which planet is red?")
    gone = world.question("Which planet is blue?", status=QuestionStatus.DRAFT)
    world.index(with_chroma)
    retired.status = QuestionStatus.RETIRED
    world.session.delete(gone)
    world.session.commit()
    assert world.ids(world.student, q="planet red blue") == []
    assert world.ids(world.teacher, q="planet red blue") == [retired.id]


def test_hashed_words_are_reported_as_a_makeshift(world: World) -> None:
    world.question("Anything?")
    world.index(tools_of(RenamedEmbedder(is_semantic=False)))
    assert world.get(q="anything")["degraded"] == ["lexical_vectors"]


def test_admins_see_the_rank_of_each_arm(world: World) -> None:
    world.question("Which planet is red?")
    world.index()
    bench = world.get(world.admin, f"{PATH}/bench", q="red planet")
    assert (bench["items"][0]["words_rank"], bench["items"][0]["vectors_rank"]) == (1, 1)
    assert {"embedding", "vectors", "words", "rows"} <= bench["milliseconds"].keys()
    index = world.get(world.teacher, f"{PATH}/index")
    assert (index["documents"], index["embedded"], index["stale"]) == (1, 1, 0)


def picture(colour: str, size: int = 120) -> bytes:
    image = Image.new("RGB", (size, size), "white")
    draw = ImageDraw.Draw(image)
    if colour == "red":
        draw.ellipse((size // 6, size // 6, size // 2, size // 2), fill="red")
    else:
        draw.rectangle((size // 2, size // 3, size - 10, size - 5), fill=colour)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def with_picture(world: World, colour: str, status: QuestionStatus = QuestionStatus.PUBLISHED) -> Question:
    store = LocalFileStore(world.app.state.resources.settings.files.directory)
    media = MediaService(world.session, store).keep(io.BytesIO(picture(colour)), None)
    name = f"/api/v1/media/{media.id}"
    question = world.question(
        f'<img src="{name}" alt="figure"> What is {colour}?', media=(MediaRef(name=name),), status=status
    )
    world.index()
    assert world.session.get(QuestionImage, (question.id, media.id)) is not None
    PictureWork(world.sessions, world.app.state.semantic, store).run(lambda: None)
    return question


def test_a_picture_finds_the_questions_that_show_it(world: World) -> None:
    red, blue = with_picture(world, "red"), with_picture(world, "blue")
    with_picture(world, "green", QuestionStatus.DRAFT)
    upload = {"file": ("scaled.png", picture("red", 300), "image/png")}
    reply = world.client.post(f"{PATH}/picture", headers=auth(world.client, world.student), files=upload)
    assert reply.status_code == 200, reply.text
    found = [UUID(item["id"]) for item in reply.json()["items"]]
    assert found[0] == red.id
    assert set(found) <= {red.id, blue.id}
    assert reply.json()["degraded"] == ["looks_only"]
    assert world.ids(q="what", has_image=True, status="published") != []


@pytest.mark.parametrize("data", [b"", b"no picture", b"\x89PNG\r\n\x1a\n broken"])
def test_what_is_no_picture_is_refused(world: World, data: bytes) -> None:
    upload = {"file": ("x.png", data, "image/png")}
    reply = world.client.post(f"{PATH}/picture", headers=auth(world.client, world.student), files=upload)
    assert (reply.status_code, reply.json()["code"]) == (422, "image_refused")


@pytest.mark.parametrize(
    "q", ["'", '"', "a & | !", ":*", "%", "\\", "???", "-", '"-', "日本語", "हिन्दी", "😀", "a" * 300, "x' OR '1", "<->"]
)
def test_any_text_may_be_searched(world: World, q: str) -> None:
    world.question("Which planet is red?")
    world.index()
    world.get(world.student, q=q, facets=True)


@pytest.mark.parametrize(
    "params",
    [{}, {"q": ""}, {"q": "a" * 301}, {"q": "a", "limit": 51}, {"q": "a", "unknown": 1}, {"q": "a\x00"},
     {"q": "a", "difficulty_min": "nan"}, {"q": "a", "seen": "x"}],
)  # fmt: skip
def test_wishes_are_typed(world: World, params: dict[str, Any]) -> None:
    reply = world.client.get(PATH, headers=auth(world.client, world.student), params=params)
    assert reply.status_code == 422


def test_a_cursor_of_another_list_is_refused(world: World) -> None:
    reply = world.client.get(PATH, headers=auth(world.client, world.student), params={"q": "a", "cursor": "abc"})
    assert (reply.status_code, reply.json()["code"]) == (400, "invalid_cursor")
