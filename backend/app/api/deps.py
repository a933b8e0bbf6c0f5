"""All dependencies of the endpoints."""

from collections.abc import AsyncIterator, Callable, Coroutine
from datetime import datetime
from typing import Annotated, TypeVar
from uuid import UUID

from fastapi import Depends, Query, Request
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from app.api.claims import claims_of
from app.api.slots import SlotDep, Turn
from app.core.clock import utc_now
from app.core.errors import ForbiddenError
from app.core.resources import Resources
from app.core.security import AccessClaims
from app.domain.enums import PracticeMode, Role
from app.domain.permissions import ADMINS, EVERYONE, STAFF, Actor
from app.integrations.mail import Mailer, make_mailer
from app.integrations.storage import FileStore, LocalFileStore
from app.repositories.audit_repository import AuditRepository
from app.repositories.import_repository import ImportRepository
from app.repositories.job_repository import JobRepository
from app.repositories.proposal_repository import ProposalRepository
from app.repositories.question_repository import QuestionRepository
from app.repositories.question_search import QuestionSearch
from app.repositories.search_document_repository import SearchDocumentRepository
from app.repositories.skill_repository import SkillRepository
from app.repositories.subject_repository import SubjectRepository
from app.repositories.tag_repository import TagRepository
from app.repositories.usage_limit_repository import UsageLimitRepository
from app.services.acting import acting_user
from app.services.auth_service import AuthService
from app.services.cold_start_service import ColdStartService
from app.services.essay_service import EssayService
from app.services.exam_guard import ExamGuard
from app.services.exam_results import ExamResultService
from app.services.exam_service import ExamService
from app.services.export_service import ExportService
from app.services.import_service import ImportService
from app.services.job_service import JobService
from app.services.learning_service import LearningService
from app.services.llm_admin_service import LlmAdminService
from app.services.llm_gateway import LlmGateway
from app.services.mastery_rule_service import MasteryRuleService
from app.services.media_service import MediaService
from app.services.misconception_service import MisconceptionService
from app.services.model_service import ModelService
from app.services.password_reset_service import PasswordResetService
from app.services.personal_data_service import PersonalDataService
from app.services.practice_caches import PracticeCaches
from app.services.practice_service import PracticeService
from app.services.practice_steps import PracticeSteps
from app.services.practice_summary import PracticeSummaryService
from app.services.prerequisite_service import PrerequisiteService
from app.services.progress_curve_service import ProgressCurveService
from app.services.proposal_service import ProposalService
from app.services.question_checking import QuestionChecking
from app.services.question_pair_service import QuestionPairService
from app.services.question_report_service import QuestionReportService
from app.services.question_review_service import QuestionReviewService
from app.services.question_service import QuestionService
from app.services.question_status_service import QuestionStatusService
from app.services.recommendation_service import RecommendationService
from app.services.review_memory_service import ReviewMemoryService
from app.services.review_service import ReviewService
from app.services.search_service import SearchService
from app.services.second_factor_service import SecondFactorService
from app.services.semantic_tools import SemanticTools
from app.services.skill_proposal_service import SkillProposalService
from app.services.skill_service import SkillService
from app.services.subject_service import SubjectService
from app.services.system_service import SystemService
from app.services.user_service import UserService

T = TypeVar("T")


async def get_resources(request: Request) -> Resources:
    resources: Resources = request.app.state.resources
    return resources


ResourcesDep = Annotated[Resources, Depends(get_resources)]


async def get_caches(request: Request) -> PracticeCaches:
    caches: PracticeCaches = request.app.state.caches
    return caches


CachesDep = Annotated[PracticeCaches, Depends(get_caches)]


async def get_session(slot: SlotDep, resources: ResourcesDep) -> AsyncIterator[Session]:
    """The request's transaction: committed before the reply leaves, rolled back on any error.

    Opening a session touches no socket; only the end of it costs a thread.
    """
    del slot  # held as long as the session
    session = resources.sessions()
    try:
        yield session
        if session.in_transaction():
            await run_in_threadpool(session.commit)
    finally:
        if session.in_transaction():
            await run_in_threadpool(session.rollback)
        session.close()


SessionDep = Annotated[Session, Depends(get_session, scope="function")]


async def get_turn(session: SessionDep, slot: SlotDep) -> Turn:
    return Turn(session, slot)


TurnDep = Annotated[Turn, Depends(get_turn, scope="function")]


async def get_claims(request: Request, resources: ResourcesDep) -> AccessClaims:
    claims = claims_of(request, resources)
    request.scope["claims"] = claims
    return claims


ClaimsDep = Annotated[AccessClaims, Depends(get_claims)]


def get_actor(claims: ClaimsDep, session: SessionDep, resources: ResourcesDep) -> Actor:
    """The user behind the token, checked against the database: a suspension or a logout acts at once."""
    actor = acting_user(session, claims)
    resources.limiter.hit(resources.settings.limits.user_requests, "user", str(claims.user_id))
    return actor


ActorDep = Annotated[Actor, Depends(get_actor)]


def get_detached_actor(claims: ClaimsDep, resources: ResourcesDep) -> Actor:
    """As `ActorDep`, for work that asks other servers and therefore holds no transaction of the request."""
    with resources.sessions() as session:
        actor = acting_user(session, claims)
    resources.limiter.hit(resources.settings.limits.user_requests, "user", str(claims.user_id))
    return actor


DetachedActorDep = Annotated[Actor, Depends(get_detached_actor)]


class Access:
    """The declared policy of a route; every route has exactly one (a test reads them all)."""

    def __init__(self, name: str, roles: frozenset[Role]) -> None:
        self.name, self.roles = name, roles

    def __call__(self, actor: ActorDep) -> None:
        if actor.role not in self.roles:
            raise ForbiddenError("Your role does not allow this.")


class ClaimsAccess:
    """Policy of the hot path: the endpoint takes the verified token, its first query checks the user's state."""

    name = "user"

    async def __call__(self) -> None: ...


class PublicAccess:
    name = "public"

    async def __call__(self) -> None: ...


Public = Depends(PublicAccess())
HotUser = Depends(ClaimsAccess())
AnyUser = Depends(Access("user", EVERYONE))
Staff = Depends(Access("staff", STAFF))
Admin = Depends(Access("admin", ADMINS))

Limit = Annotated[int, Query(ge=1, le=100, description="Rows in the page.")]
Cursor = Annotated[str | None, Query(max_length=500, description="`next_cursor` of the page before.")]
Modes = Annotated[list[PracticeMode], Query(max_length=10, description="Only these; none = all of them.")]
IdCursor = Annotated[UUID | None, Query(alias="cursor", description="`next_cursor` of the page before.")]


async def get_now() -> datetime:
    return utc_now()


NowDep = Annotated[datetime, Depends(get_now)]


def of_session(make: Callable[[Session], T]) -> Callable[[Session], Coroutine[None, None, T]]:
    """A dependency on what is made of the request's session alone."""

    async def dependency(session: SessionDep) -> T:
        return make(session)

    return dependency


def of_session_and_time(make: Callable[[Session, datetime], T]) -> Callable[..., Coroutine[None, None, T]]:
    async def dependency(session: SessionDep, now: NowDep) -> T:
        return make(session, now)

    return dependency


async def get_job_service(session: SessionDep) -> JobService:
    return JobService(JobRepository(session), AuditRepository(session))


JobServiceDep = Annotated[JobService, Depends(get_job_service)]


async def get_auth_service(session: SessionDep, resources: ResourcesDep, now: NowDep) -> AuthService:
    return AuthService(session, resources.tokens, resources.settings.auth, now)


async def get_mailer(resources: ResourcesDep) -> Mailer:
    return make_mailer(resources.settings.mail)


AuthServiceDep = Annotated[AuthService, Depends(get_auth_service)]
PersonalDataServiceDep = Annotated[PersonalDataService, Depends(of_session(PersonalDataService))]
UserServiceDep = Annotated[UserService, Depends(of_session_and_time(UserService))]


async def get_second_factors(session: SessionDep, resources: ResourcesDep, now: NowDep) -> SecondFactorService:
    return SecondFactorService(session, resources.second_factors, now)


SecondFactorServiceDep = Annotated[SecondFactorService, Depends(get_second_factors)]
PasswordResetServiceDep = Annotated[PasswordResetService, Depends(of_session_and_time(PasswordResetService))]
MailerDep = Annotated[Mailer, Depends(get_mailer)]
AuditRepositoryDep = Annotated[AuditRepository, Depends(of_session(AuditRepository))]


SystemServiceDep = Annotated[SystemService, Depends(of_session_and_time(SystemService))]
SubjectRepositoryDep = Annotated[SubjectRepository, Depends(of_session(SubjectRepository))]
SkillRepositoryDep = Annotated[SkillRepository, Depends(of_session(SkillRepository))]
MasteryRuleServiceDep = Annotated[MasteryRuleService, Depends(of_session(MasteryRuleService))]
SubjectServiceDep = Annotated[SubjectService, Depends(of_session_and_time(SubjectService))]
PrerequisiteServiceDep = Annotated[PrerequisiteService, Depends(of_session_and_time(PrerequisiteService))]
SkillServiceDep = Annotated[SkillService, Depends(of_session_and_time(SkillService))]


async def get_practice_service(session: SessionDep, resources: ResourcesDep, caches: CachesDep) -> PracticeService:
    return PracticeService(session, caches.pools, caches.questions, resources.settings.practice)


async def get_essay_service(session: SessionDep, resources: ResourcesDep, caches: CachesDep) -> EssayService:
    steps = PracticeSteps(session, caches.pools, caches.questions, resources.settings.practice)
    return EssayService(session, caches.questions, steps)


async def get_exam_guard(session: SessionDep, resources: ResourcesDep) -> ExamGuard:
    return ExamGuard(session, resources.settings.practice)


ExamGuardDep = Annotated[ExamGuard, Depends(get_exam_guard)]


async def get_practice_summary(session: SessionDep, caches: CachesDep, guard: ExamGuardDep) -> PracticeSummaryService:
    return PracticeSummaryService(session, caches.questions, caches.pools, guard)


async def get_learning_service(session: SessionDep, caches: CachesDep) -> LearningService:
    return LearningService(session, caches.pools)


async def get_recommendation_service(
    session: SessionDep, resources: ResourcesDep, caches: CachesDep
) -> RecommendationService:
    return RecommendationService(session, caches.pools, resources.settings.practice)


async def get_exam_service(session: SessionDep, resources: ResourcesDep, caches: CachesDep) -> ExamService:
    return ExamService(session, caches.questions, resources.settings.practice)


async def get_test_results(session: SessionDep, caches: CachesDep) -> ExamResultService:
    return ExamResultService(session, caches.pools)


EssayServiceDep = Annotated[EssayService, Depends(get_essay_service)]
ExamServiceDep = Annotated[ExamService, Depends(get_exam_service)]
ExamResultServiceDep = Annotated[ExamResultService, Depends(get_test_results)]
PracticeServiceDep = Annotated[PracticeService, Depends(get_practice_service)]
PracticeSummaryDep = Annotated[PracticeSummaryService, Depends(get_practice_summary)]
LearningServiceDep = Annotated[LearningService, Depends(get_learning_service)]
ProgressCurveServiceDep = Annotated[ProgressCurveService, Depends(of_session(ProgressCurveService))]
RecommendationServiceDep = Annotated[RecommendationService, Depends(get_recommendation_service)]
ReviewMemoryServiceDep = Annotated[ReviewMemoryService, Depends(of_session(ReviewMemoryService))]
ReviewServiceDep = Annotated[ReviewService, Depends(of_session(ReviewService))]


QuestionRepositoryDep = Annotated[QuestionRepository, Depends(of_session(QuestionRepository))]
QuestionSearchDep = Annotated[QuestionSearch, Depends(of_session(QuestionSearch))]
TagRepositoryDep = Annotated[TagRepository, Depends(of_session(TagRepository))]
QuestionServiceDep = Annotated[QuestionService, Depends(of_session_and_time(QuestionService))]
QuestionReportServiceDep = Annotated[QuestionReportService, Depends(of_session_and_time(QuestionReportService))]
QuestionReviewServiceDep = Annotated[QuestionReviewService, Depends(of_session_and_time(QuestionReviewService))]
QuestionCheckingDep = Annotated[QuestionChecking, Depends(of_session(QuestionChecking))]
QuestionStatusServiceDep = Annotated[QuestionStatusService, Depends(of_session_and_time(QuestionStatusService))]


async def get_file_store(resources: ResourcesDep) -> FileStore:
    return LocalFileStore(resources.settings.files.directory)


FileStoreDep = Annotated[FileStore, Depends(get_file_store)]


async def get_media_service(session: SessionDep, store: FileStoreDep) -> MediaService:
    return MediaService(session, store)


MediaServiceDep = Annotated[MediaService, Depends(get_media_service)]


ImportRepositoryDep = Annotated[ImportRepository, Depends(of_session(ImportRepository))]
ImportServiceDep = Annotated[ImportService, Depends(of_session_and_time(ImportService))]
ExportServiceDep = Annotated[ExportService, Depends(of_session(ExportService))]
ModelServiceDep = Annotated[ModelService, Depends(of_session(ModelService))]


async def get_llm_gateway(resources: ResourcesDep) -> LlmGateway:
    return LlmGateway.of(resources)


LlmGatewayDep = Annotated[LlmGateway, Depends(get_llm_gateway)]


async def get_llm_admin_service(session: SessionDep, gateway: LlmGatewayDep, now: NowDep) -> LlmAdminService:
    return LlmAdminService(session, gateway, now)


LlmAdminDep = Annotated[LlmAdminService, Depends(get_llm_admin_service)]
UsageLimitRepositoryDep = Annotated[UsageLimitRepository, Depends(of_session(UsageLimitRepository))]


async def get_semantic_tools(request: Request) -> SemanticTools:
    tools: SemanticTools = request.app.state.semantic
    return tools


SemanticToolsDep = Annotated[SemanticTools, Depends(get_semantic_tools)]


async def get_search_service(
    actor: DetachedActorDep, resources: ResourcesDep, tools: SemanticToolsDep
) -> SearchService:
    return SearchService(resources.sessions, actor, tools)


SearchServiceDep = Annotated[SearchService, Depends(get_search_service)]
SearchDocumentRepositoryDep = Annotated[SearchDocumentRepository, Depends(of_session(SearchDocumentRepository))]


async def get_proposal_service(
    session: SessionDep, gateway: LlmGatewayDep, essays: EssayServiceDep, now: NowDep
) -> ProposalService:
    return ProposalService(session, now, has_model=gateway.is_configured, essays=essays)


ProposalServiceDep = Annotated[ProposalService, Depends(get_proposal_service)]
ProposalRepositoryDep = Annotated[ProposalRepository, Depends(of_session(ProposalRepository))]
ColdStartServiceDep = Annotated[ColdStartService, Depends(of_session(ColdStartService))]


QuestionPairServiceDep = Annotated[QuestionPairService, Depends(of_session_and_time(QuestionPairService))]
SkillProposalServiceDep = Annotated[SkillProposalService, Depends(of_session_and_time(SkillProposalService))]
MisconceptionServiceDep = Annotated[MisconceptionService, Depends(of_session(MisconceptionService))]
