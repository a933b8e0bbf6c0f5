"""Measure search on a bank of a chosen size and print JSON: latency of each arm and of both, recall, indexing.

    python scripts/bench_search.py --questions 100000 --chroma http://127.0.0.1:8001 --model FOLDER

Needs a PostgreSQL server (`--server`, default: APP_DATABASE__URL), where a scratch database is made and dropped, and a
Chroma server, where a collection is made and dropped. Beside our figures stand those of the ceiling on this machine:
numpy comparing all vectors in memory, the bare query of Chroma, and the bare query of PostgreSQL.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from uuid import UUID

import project  # noqa: F401  # makes the packages importable

import numpy as np
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.orm import Session, sessionmaker

from app.ai.embeddings.image_embeddings.descriptor import PictureDescriptor
from app.ai.embeddings.text_embeddings.local import LocalEmbedder
from app.ai.embeddings.vectors import FloatArray
from app.ai.utils.evaluation import recall_at
from app.ai.utils.similarity import nearest
from app.ai.vector_db.client import ChromaClient
from app.ai.vector_db.collections import Collections
from app.ai.vector_db.queries import EVERYBODY, Queries
from app.domain.enums import Role
from app.domain.permissions import Actor
from app.domain.search import SearchFilter
from app.domain.search_query import parse_query
from app.services.search_arms import SEMANTIC_FLOOR, VectorsArm, WordsArm
from app.services.search_service import SearchService, SearchWish
from app.services.search_terms import QueryParser
from app.services.semantic_tools import SemanticTools, VectorIndex
from app.utils.ids import new_id
from scripts.bench.scratch import migrate, scratch_database
from scripts.bench.search_bank import SUBJECTS, TOPIC_SPREAD, Bank, fill, vectors_near

DATABASE, DIMENSION, DEPTH = "studium_bench_search", 384, 10
QUERY_SPREAD = TOPIC_SPREAD / 2
WRITE_TIMEOUT_S = 300.0
SUBJECT, HARDEST = 3, 2.999
"""A tenth, and about a hundredth, of the bank."""


class PlannedEmbedder:
    """Gives each query the vector that was drawn for it, so that no model's time or quality is measured."""

    dimension, is_semantic = DIMENSION, True

    def __init__(self) -> None:
        self.name = f"bench-{new_id().hex}"
        self.planned: dict[str, FloatArray] = {}

    def embed(self, texts: Sequence[str]) -> FloatArray:
        return np.array([self.planned[each] for each in texts], dtype=np.float32)


class Bench:
    def __init__(
        self, sessions: sessionmaker[Session], bank: Bank, tools: SemanticTools, rng: np.random.Generator
    ) -> None:
        self.sessions, self.bank, self.tools = sessions, bank, tools
        self.actor = Actor(new_id(), Role.ADMIN, new_id())
        assert isinstance(tools.texts, PlannedEmbedder)  # noqa: S101  # the bench made it
        self.planned, self.rng = tools.texts.planned, rng

    def queries(self, count: int, ranks: tuple[int, int], words: int = 3) -> list[str]:
        """Texts of words whose frequency ranks lie in a range, each with a vector near that of some question."""
        drawn = self.rng.integers(*ranks, size=(count, words))
        texts = [" ".join(self.bank.words[at] for at in row) for row in drawn]
        chosen = self.bank.vectors[self.rng.integers(len(self.bank.ids), size=count)]
        self.planned.update(zip(texts, vectors_near(chosen, self.rng, QUERY_SPREAD), strict=True))
        return texts

    def words_ms(self, texts: Sequence[str], wanted: SearchFilter) -> dict[str, float]:
        def one(query: str) -> None:
            with self.sessions() as session:
                WordsArm(session, self.actor).find(QueryParser(session).parse(parse_query(query)), wanted)

        return timed(one, texts)

    def hybrid_ms(self, texts: Sequence[str], wanted: SearchFilter) -> dict[str, float]:
        service = SearchService(self.sessions, self.actor, self.tools)
        return timed(lambda query: service.search(SearchWish(query, wanted)), texts)

    def recall(
        self, texts: Sequence[str], wanted: SearchFilter, rows: "np.ndarray[tuple[int], np.dtype[np.intp]]"
    ) -> float:
        """Mean share of the truly nearest ten, of these rows and near enough, that the arm of vectors finds."""
        arm = VectorsArm(self.sessions, self.actor, self.tools)
        shares = []
        for query in texts:
            exact, cosines = nearest(self.planned[query], self.bank.vectors[rows], DEPTH)
            best = {self.bank.ids[rows[at]] for at in exact[cosines >= SEMANTIC_FLOOR].tolist()}
            shares.append(recall_at(best, arm.find(self.planned[query], wanted).ids, DEPTH))
        return round(float(np.mean(shares)), 4)


def timed(one: Callable[[str], object], texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds of each call; the first few only warm up."""
    for each in texts[:5]:
        one(each)
    spent = []
    for each in texts[5:]:
        began = time.perf_counter()
        one(each)
        spent.append(1000 * (time.perf_counter() - began))
    return {"p50": round(float(np.quantile(spent, 0.5)), 2), "p95": round(float(np.quantile(spent, 0.95)), 2)}


def measure(bench: Bench, count: int) -> dict[str, object]:
    bank = bench.bank
    usual, common, rare = (
        bench.queries(count, (200, 5_000)),
        bench.queries(count, (0, 20)),
        bench.queries(count, (0, 8_000)),
    )
    everything, subject = SearchFilter(), SearchFilter(subject_ids=(bank.subjects[SUBJECT],))
    narrow = SearchFilter(difficulty_min=HARDEST)
    all_rows = np.arange(len(bank.ids))
    of_subject = all_rows[all_rows % SUBJECTS == SUBJECT]
    of_narrow = all_rows[3.0 * np.sin(all_rows) >= HARDEST]
    return {
        "full_text_ms": {"usual": bench.words_ms(usual, everything), "common": bench.words_ms(common, everything)},
        "hybrid_ms": {
            "all": bench.hybrid_ms(rare, everything),
            "common_words": bench.hybrid_ms(common, everything),
            "one_subject": bench.hybrid_ms(rare, subject),
            "narrow_filter": bench.hybrid_ms(rare, narrow),
        },
        "recall_at_10": {
            "all": bench.recall(rare, everything, all_rows),
            "one_subject": bench.recall(rare, subject, of_subject),
            "narrow_filter": bench.recall(rare, narrow, of_narrow),
        },
        "questions_left": {"one_subject": len(of_subject), "narrow_filter": len(of_narrow)},
        "ceiling_ms": ceiling(bench, rare),
    }


def ceiling(bench: Bench, texts: Sequence[str]) -> dict[str, dict[str, float]]:
    """The bare parts, without visibility, rows, snippets and fusion."""
    index = bench.tools.index
    statement = text(
        "SELECT question_id FROM search_documents WHERE public_search @@ plainto_tsquery('english', :words) LIMIT 20"
    )

    def of_postgres(query: str) -> None:
        with bench.sessions() as session:
            session.execute(statement, {"words": query}).all()

    found = {
        "numpy_all_vectors": timed(lambda query: nearest(bench.planned[query], bench.bank.vectors, 200), texts),
        "postgres_bare": timed(of_postgres, texts),
    }
    if index is not None:
        name = bench.tools.questions
        found["chroma_bare"] = timed(
            lambda query: index.queries.nearest(name, bench.planned[query], 200, EVERYBODY), texts
        )
    return found


def embedding_rate(folder: Path, texts: Sequence[str]) -> dict[str, float]:
    """Texts per second of wall and of processor time, with one thread."""
    embedder = LocalEmbedder(folder)
    embedder.embed(texts[:20])
    wall, processor = time.perf_counter(), time.process_time()
    embedder.embed(texts)
    return {
        "texts_per_s": round(len(texts) / (time.perf_counter() - wall), 1),
        "texts_per_cpu_s": round(len(texts) / (time.process_time() - processor), 1),
    }


SAMPLE = (
    "What is the capital of Mongolia?", "Which gas do plants take up when they make sugar in sunlight?",
    "In which year did the Berlin Wall fall, and which treaty was signed in the year after it?",
    "Who painted the ceiling of the chapel in the Vatican where popes are elected?",
)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default=os.environ.get("APP_DATABASE__URL", ""), help="URL of any database there")
    parser.add_argument("--chroma", default=os.environ.get("APP_CHROMA__URL", ""), help="URL of a Chroma server")
    parser.add_argument("--questions", type=int, default=100_000)
    parser.add_argument("--queries", type=int, default=100, help="of each kind")
    parser.add_argument("--model", type=Path, help="folder of a sentence encoder, to measure embedding")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    if not arguments.server or not arguments.chroma:
        sys.exit("Name a PostgreSQL server with --server and a Chroma server with --chroma.")
    with scratch_database(make_url(arguments.server).set(drivername="postgresql+psycopg"), DATABASE) as url:
        migrate(url)
        report = run(create_engine(url), arguments)
    print(json.dumps(report, indent=1))


def run(engine: Engine, arguments: argparse.Namespace) -> dict[str, object]:
    client = ChromaClient(arguments.chroma, WRITE_TIMEOUT_S)
    index = VectorIndex(Collections(client), Queries(client))
    tools = SemanticTools(PlannedEmbedder(), PictureDescriptor(), index)
    bank = fill(engine, arguments.questions, DIMENSION, tools.texts.name, arguments.seed)
    owners: list[UUID | None] = [bank.subjects[row % SUBJECTS] for row in range(len(bank.ids))]
    began = time.perf_counter()
    try:
        index.collections.upsert(tools.questions, bank.ids, bank.vectors, owners)
        upserted = len(bank.ids) / (time.perf_counter() - began)
        bench = Bench(sessionmaker(engine), bank, tools, np.random.default_rng(arguments.seed + 1))
        report = {
            "questions": len(bank.ids),
            "chroma_upserts_per_s": round(upserted, 1),
            **measure(bench, arguments.queries),
        }
    finally:
        index.collections.drop(tools.questions)
        engine.dispose()
    if arguments.model:
        report["embedding"] = embedding_rate(
            arguments.model, [f"{number}. {each}" for number in range(250) for each in SAMPLE]
        )
    return report


if __name__ == "__main__":
    main()
