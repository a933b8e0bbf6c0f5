from fastapi import APIRouter

from app.api.v1.endpoints import (
    audit_events,
    auth,
    essays,
    exams,
    exports,
    formats,
    imports,
    jobs,
    learning,
    llm,
    mastery_rules,
    media,
    model_versions,
    password_resets,
    practice,
    proposals,
    question_pairs,
    question_reports,
    question_reviews,
    questions,
    reviews,
    search,
    second_factor,
    skill_proposals,
    skills,
    students,
    subjects,
    system,
    tags,
    users,
)

router = APIRouter(prefix="/api/v1")
# Routes are tried in this order; answers come most often.
router.include_router(practice.router)
router.include_router(exams.router)
router.include_router(reviews.router)
router.include_router(learning.router)
router.include_router(essays.router)
router.include_router(students.router)
router.include_router(auth.router)
router.include_router(second_factor.router)
router.include_router(password_resets.router)
router.include_router(audit_events.router)
router.include_router(model_versions.router)
router.include_router(users.router)
router.include_router(jobs.router)
router.include_router(subjects.router)
router.include_router(mastery_rules.router)
router.include_router(skills.router)
router.include_router(questions.router)
router.include_router(question_reports.router)
router.include_router(question_reviews.router)
router.include_router(question_pairs.router)
router.include_router(skill_proposals.router)
router.include_router(search.router)
router.include_router(tags.router)
router.include_router(llm.router)
router.include_router(proposals.router)
router.include_router(media.router)
router.include_router(imports.router)
router.include_router(exports.router)
router.include_router(formats.router)
router.include_router(system.router)
