"""Simulated answer logs: learners with a general level, levels per skill and one hidden trait, who learn as they go."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from app.ai.personalization.user_modeling.answer_log import LoggedAnswer

LEARNING_STEP = 0.02
MINUTE_S = 60.0


@dataclass(frozen=True, slots=True)
class World:
    """What is true: difficulty of each question, in logits, its skills and how strongly the hidden trait acts on it."""

    difficulty: np.ndarray
    skills: tuple[tuple[int, ...], ...]
    loading: np.ndarray


def draw_world(rng: np.random.Generator, questions: int = 60, skills: int = 6) -> World:
    members = tuple(tuple(sorted({i % skills, (i // skills) % skills})) for i in range(questions))
    skill_difficulty = rng.normal(0.0, 0.7, skills)
    difficulty = np.array([skill_difficulty[list(group)].mean() for group in members])
    return World(difficulty + rng.normal(0.0, 0.8, questions), members, rng.choice([-0.8, 0.8], questions))


def simulate(world: World, learners: range, rng: np.random.Generator, answers: int = 60) -> Iterator[LoggedAnswer]:
    for learner in learners:
        general, trait = rng.normal(0.4, 0.9), rng.normal()
        levels = rng.normal(0.0, 0.6, 1 + max(max(group) for group in world.skills))
        clock = float(rng.uniform(0, 1e6))
        for question in rng.choice(len(world.difficulty), answers, replace=False).tolist():
            group = list(world.skills[question])
            logit = general + levels[group].mean() + trait * world.loading[question] - world.difficulty[question]
            right = float(rng.random() < 1.0 / (1.0 + np.exp(-logit)))
            clock += float(rng.uniform(0.3, 3.0)) * MINUTE_S
            yield LoggedAnswer(f"u{learner}", f"q{question}", tuple(f"s{skill}" for skill in group), right, clock)
            levels[group] += LEARNING_STEP
