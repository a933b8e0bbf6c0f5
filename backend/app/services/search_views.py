"""Search results as they leave the server."""

from app.repositories.search_document_repository import IndexCounts
from app.schemas.question import SkillName
from app.schemas.search import (
    BenchHit,
    FacetRead,
    IndexRead,
    QuestionHit,
    SearchBench,
    SearchRead,
    SegmentRead,
    SkillHit,
)
from app.services.search_service import VECTORS, WORDS, Hit, SearchFound
from app.services.semantic_tools import SemanticTools
from app.services.skill_search import FoundSkill
from app.utils.text import excerpt


def search_read(found: SearchFound) -> SearchRead:
    return SearchRead(
        items=[_question(hit) for hit in found.hits],
        next_cursor=found.next_cursor,
        skills=[_skill(each) for each in found.skills],
        did_you_mean=found.did_you_mean,
        degraded=list(found.degraded),
        facets=None if found.facets is None else [FacetRead.model_validate(each) for each in found.facets],
    )


def bench_read(found: SearchFound, embedder: str) -> SearchBench:
    return SearchBench(
        items=[_bench(hit) for hit in found.hits],
        embedder=embedder,
        degraded=list(found.degraded),
        did_you_mean=found.did_you_mean,
        milliseconds=found.milliseconds,
    )


def index_read(tools: SemanticTools, counts: IndexCounts) -> IndexRead:
    return IndexRead(
        embedder=tools.texts.name,
        is_semantic=tools.texts.is_semantic,
        picture_embedder=tools.images.name,
        dimension=tools.texts.dimension,
        documents=counts.documents,
        embedded=counts.embedded,
        indexed=counts.indexed,
        stale=counts.stale,
    )


def _question(hit: Hit) -> QuestionHit:
    question = hit.question
    return QuestionHit(
        id=question.id,
        number=question.number,
        subject_id=question.subject_id,
        type=question.type,
        status=question.status,
        snippet=[SegmentRead.model_validate(segment) for segment in hit.segments],
        skills=[SkillName.model_validate(skill) for skill in hit.skills],
        difficulty=question.difficulty,
        has_image=question.has_image,
        is_seen=question.is_seen,
        score=round(hit.fused.score, 6),
        similarity=None if hit.similarity is None else round(hit.similarity, 4),
    )


def _skill(found: FoundSkill) -> SkillHit:
    skill = found.skill
    return SkillHit(
        id=skill.id,
        subject_id=skill.subject_id,
        code=skill.code,
        name=skill.name,
        description=skill.description,
        score=round(found.score, 4),
    )


def _bench(hit: Hit) -> BenchHit:
    return BenchHit(
        id=hit.question.id,
        number=hit.question.number,
        text=excerpt(hit.question.text),
        score=round(hit.fused.score, 6),
        words_rank=hit.fused.ranks.get(WORDS),
        vectors_rank=hit.fused.ranks.get(VECTORS),
        similarity=hit.similarity,
    )
