"""Topics of the questions that belong to no skill yet, as proposals for staff."""

from typing import Final
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session, sessionmaker

from app.ai.embeddings.hybrid_embeddings import fuse
from app.ai.embeddings.vectors import FloatArray, from_bytes
from app.ai.utils.clustering import Clusters, cluster, cluster_number, label
from app.domain.search import VectorPart
from app.domain.wording import FUNCTION_WORDS
from app.models import SkillProposal
from app.repositories.bank_vectors_repository import BankVectorsRepository
from app.repositories.skill_proposal_repository import SkillProposalRepository
from app.services.semantic_tools import SemanticTools
from app.utils.folding import words_of

SEED: Final = 1
TERMS: Final = 6
NAMING: Final = 3
SHORTEST_TERM: Final = 3
_ASKING: Final = """
    name called known famous many much used using true false correct statement statements best one first following find
    give calculate compute determine show write type kind country year whose
    """
_STEM_WORDS: Final = frozenset(_ASKING.split())


class SkillGrouping:
    """The same bank gives the same groups: the first centres are drawn with a fixed seed."""

    def __init__(self, sessions: sessionmaker[Session], tools: SemanticTools) -> None:
        self._sessions, self._tools = sessions, tools

    def run(self, subject_id: UUID) -> int:
        """The number of proposals, which replace the open ones of before."""
        stems, vectors, ids = self._read(subject_id)
        clusters = cluster(vectors, cluster_number(len(ids)), np.random.default_rng(SEED))
        words = [_words(stem) for stem in stems]
        with self._sessions.begin() as session:
            bank = BankVectorsRepository(session, self._tools.texts.name)
            stop = bank.stop_words(subject_id, {word for of in words for word in of})
            terms = label(words, clusters.members, TERMS, stop | FUNCTION_WORDS | _STEM_WORDS)
            proposals = _proposals(subject_id, ids, clusters, terms)
            SkillProposalRepository(session).replace(subject_id, proposals)
        return len(proposals)

    def _read(self, subject_id: UUID) -> tuple[list[str], FloatArray, list[UUID]]:
        """Stems, vectors of stems and options together, and ids of the questions without a skill."""
        dimension = self._tools.texts.dimension
        with self._sessions() as session:
            bank = BankVectorsRepository(session, self._tools.texts.name)
            unskilled = bank.without_skill(subject_id)
            stored = {part: bank.vectors(subject_id, part) for part in VectorPart}
        rows = {
            part: dict(zip(found.ids, from_bytes(found.vectors, dimension), strict=True))
            for part, found in stored.items()
        }
        ids = [each for each in rows[VectorPart.STEM] if each in unskilled]
        nothing = np.zeros(dimension, dtype=np.float32)
        parts = {
            part.value: np.array([of.get(each, nothing) for each in ids], dtype=np.float32).reshape(-1, dimension)
            for part, of in rows.items()
        }
        return [unskilled[each] for each in ids], fuse(parts), ids


def _words(stem: str) -> list[str]:
    return [word for word in words_of(stem) if len(word) >= SHORTEST_TERM and not word.isdigit()]


def _proposals(subject_id: UUID, ids: list[UUID], clusters: Clusters, terms: list[list[str]]) -> list[SkillProposal]:
    return [
        SkillProposal(
            subject_id=subject_id,
            name=", ".join(found[:NAMING]).capitalize(),
            terms=[term[:64] for term in found],
            question_ids=[ids[row] for row in rows.tolist()],
            cohesion=cohesion,
        )
        for rows, cohesion, found in zip(clusters.members, clusters.cohesion, terms, strict=True)
        if found
    ]
