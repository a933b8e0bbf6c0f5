"""Whether both arms together rank better than the better one alone, on searches with a known answer."""

from collections.abc import Sequence
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy.orm import Session, sessionmaker

from app.ai.utils.evaluation import ndcg_at
from app.ai.utils.similarity import fuse_rankings
from app.domain.enums import Role
from app.domain.search import SearchFilter
from app.domain.search_query import parse_query
from app.services.search_arms import VectorsArm, WordsArm
from app.services.search_terms import QueryParser
from tests.factories.labelled_searches import LabelledSearch, bank_stems, labelled_searches
from tests.factories.questions import make_question, text_draft
from tests.factories.semantic import real_embedder, run_index, tools_of
from tests.factories.subjects import make_skill, make_subject
from tests.factories.users import actor_of, make_user

DEPTH, LEAST = 10, 0.75
KINDS = ("keywords", "words", "misspelt", "meaning")
Rankings = dict[str, list[Sequence[UUID]]]


def mean_ndcg(rankings: Sequence[Sequence[UUID]], wanted: Sequence[UUID]) -> float:
    scores = [ndcg_at({each: 1.0}, ranking, DEPTH) for each, ranking in zip(wanted, rankings, strict=True)]
    return round(float(np.mean(scores)), 4)


@pytest.mark.eval
@pytest.mark.timeout(600)
def test_both_arms_rank_better_than_either(session: Session, sessions: sessionmaker[Session]) -> None:
    tools, actor = tools_of(real_embedder()), actor_of(make_user(session, role=Role.STUDENT))
    subject = make_subject(session)
    skill = make_skill(session, subject)
    ids = [make_question(session, subject, text_draft("x", stem=stem), skills=[skill]).id for stem in bank_stems()]
    session.commit()
    run_index(sessions, tools)
    searches = labelled_searches()
    assert len(searches) >= 150
    found: Rankings = {"words": [], "vectors": [], "both": []}
    for each in searches:
        by_words = WordsArm(session, actor).find(QueryParser(session).parse(parse_query(each.text)), SearchFilter())
        words = [*by_words.ids, *by_words.weak]
        vectors = VectorsArm(sessions, actor, tools).find(tools.embed_query(each.text), SearchFilter()).ids
        found["words"].append(words)
        found["vectors"].append(vectors)
        found["both"].append([one.key for one in fuse_rankings({"words": by_words.ids, "vectors": vectors})])
    wanted = [ids[each.wanted] for each in searches]
    scores = {arm: mean_ndcg(rankings, wanted) for arm, rankings in found.items()}
    told = (scores, by_kind(searches, found, wanted))
    assert scores["both"] >= max(scores["words"], scores["vectors"]), told
    assert scores["both"] >= LEAST, told


def by_kind(searches: Sequence[LabelledSearch], found: Rankings, wanted: Sequence[UUID]) -> dict[str, dict[str, float]]:
    """Which kind of search which arm is good at, for whoever reads a failure."""
    places = {kind: [at for at, each in enumerate(searches) if each.kind == kind] for kind in KINDS}
    return {
        kind: {
            arm: mean_ndcg([rankings[at] for at in of], [wanted[at] for at in of]) for arm, rankings in found.items()
        }
        for kind, of in places.items()
    }
