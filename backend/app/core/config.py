"""The one settings tree, read from the environment (`APP_DATABASE__URL` style) and then frozen."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.domain.enums import LlmProvider, ProposalKind

MIN_SECRET_BYTES = 32


class Environment(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class Group(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DatabaseSettings(Group):
    url: SecretStr = SecretStr("postgresql+psycopg://localhost/studium")
    pool_size: int = Field(default=4, ge=1, le=100)
    pool_timeout_s: float = Field(default=5.0, gt=0)
    statement_timeout_ms: int = Field(default=15_000, ge=0)
    lock_timeout_ms: int = Field(default=4_000, ge=0)
    idle_transaction_timeout_ms: int = Field(default=60_000, ge=0)


class RedisSettings(Group):
    """An empty address means no Redis: limits and caches stay in the process, jobs are run by the relay."""

    url: str = ""
    timeout_s: float = Field(default=0.5, gt=0)


class ChromaSettings(Group):
    """`write_timeout_s` is for the workers: the server builds its graph while it takes vectors in."""

    url: str = ""
    timeout_s: float = Field(default=2.0, gt=0)
    write_timeout_s: float = Field(default=60.0, gt=0)


class EmbeddingSettings(Group):
    """With `auto` a model in the folder is used, else words are hashed and pictures compared by looks.

    `model` and `image_model` name one of a provider. No picture is sent to a provider unless `image_provider` says so.
    """

    provider: Literal["auto", "gemini", "openai", "local", "lexical"] = "auto"
    model: str = ""
    model_path: Path | None = None
    image_provider: Literal["auto", "gemini", "local", "descriptor"] = "auto"
    image_model: str = ""
    image_model_path: Path | None = None
    threads: int = Field(default=2, ge=1, le=64)


class FilesSettings(Group):
    directory: Path = Path("data/files")
    max_upload_bytes: int = Field(default=200 * 1024 * 1024, gt=0)


class WebSettings(Group):
    port: int = Field(default=8000, ge=1, le=65_535)
    public_url: str = "http://127.0.0.1:8000"
    allowed_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    max_body_bytes: int = Field(default=1_048_576, gt=0)
    body_stall_s: float = Field(default=30.0, gt=0)
    secure_cookies: bool = False
    pages_directory: Path | None = None


class AuthSettings(Group):
    access_ttl_s: int = Field(default=900, ge=60, le=3600)
    refresh_ttl_s: int = Field(default=30 * 86_400, ge=3600)
    refresh_grace_s: int = Field(default=10, ge=0, le=60)
    reset_ttl_s: int = Field(default=3600, ge=60)
    registration_open: bool = True
    concurrent_hashes: int = Field(default=1, ge=1, le=16)


class LimitSettings(Group):
    """Rates in the notation of the `limits` library."""

    login_account: str = "10/5minutes"
    login_address: str = "60/minute"
    register_address: str = "30/hour"
    reset_address: str = "10/hour"
    public_address: str = "600/minute"
    user_requests: str = "6000/minute"
    own_data: str = "20/hour"


class MailSettings(Group):
    """Without a host, mail is written to the log (development) instead of being sent."""

    host: str = ""
    port: int = 587
    username: str = ""
    password: SecretStr = SecretStr("")
    sender: str = "studium@localhost"
    starttls: bool = True


class PracticeSettings(Group):
    target_success: float = Field(default=0.75, ge=0.60, le=0.90)
    calibration_share: float = Field(default=0.10, ge=0, le=0.5)
    candidates: int = Field(default=200, ge=10, le=1000)
    repeat_after_days: int = Field(default=14, ge=0)
    exposure_cap: float = Field(default=0.20, gt=0, le=1)
    pool_refresh_s: float = Field(default=5.0, ge=0)
    exam_grace_s: float = Field(default=5.0, ge=0, le=120)


class LearnerSettings(Group):
    """The nightly fit: at most about so many answers of whole students, and how few are too few."""

    fit_answers: int = Field(default=200_000, ge=1_000, le=2_000_000)
    fit_least_answers: int = Field(default=1_000, ge=100)


class JobSettings(Group):
    lease_s: int = Field(default=60, ge=5)
    idle_transaction_timeout_ms: int = Field(default=600_000, ge=0)
    sweep_s: float = Field(default=10.0, gt=0)
    max_attempts: int = Field(default=5, ge=1)


class ModelPrice(BaseModel):
    """What a model costs for a million tokens, in US dollars; comes before what is known of the model."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    tokens_in: Decimal = Field(ge=0)
    tokens_out: Decimal = Field(ge=0)
    source: str = ""
    as_of: date | None = None


class LlmProviderSettings(Group):
    """A provider takes part once it has a key, or an address of its own (a server that asks for no key)."""

    api_key: SecretStr = SecretStr("")
    base_url: str = Field(default="", pattern=r"^(https?://[^\s/]+.*)?$")
    model: str = ""

    @property
    def is_configured(self) -> bool:
        return bool(self.model and (self.api_key.get_secret_value() or self.base_url))


class GeminiSettings(LlmProviderSettings):
    model: str = "gemini-flash-latest"
    transcription_model: str = ""


class OpenAiSettings(LlmProviderSettings):
    model: str = "gpt-5-mini"
    transcription_model: str = "whisper-1"


class Thinking(StrEnum):
    """How a model is asked to think; which way it understands depends on the model."""

    OFF = "off"
    BUDGETED = "budgeted"
    ADAPTIVE = "adaptive"


class AnthropicSettings(LlmProviderSettings):
    model: str = "claude-haiku-4-5"
    thinking: Thinking = Thinking.OFF


class LlmSettings(Group):
    """Language models. `order` is that of failing over; with no provider configured, all else works without."""

    order: tuple[LlmProvider, ...] = tuple(LlmProvider)
    gemini: GeminiSettings = GeminiSettings()
    openai: OpenAiSettings = OpenAiSettings()
    anthropic: AnthropicSettings = AnthropicSettings()
    connect_timeout_s: float = Field(default=5.0, gt=0)
    timeout_s: float = Field(default=60.0, gt=0)
    stream_timeout_s: float = Field(default=300.0, gt=0)
    tries: int = Field(default=3, ge=1, le=10)
    longest_wait_s: float = Field(default=20.0, ge=0)
    breaker_failures: int = Field(default=5, ge=1)
    breaker_rest_s: float = Field(default=30.0, gt=0)
    prices: tuple[ModelPrice, ...] = ()
    propose_after_import: tuple[ProposalKind, ...] = ()
    requests_per_minute: int = Field(default=20, ge=1)
    student_day_tokens: int = Field(default=200_000, ge=0)
    staff_day_tokens: int = Field(default=5_000_000, ge=0)
    organisation_month_tokens: int = Field(default=100_000_000, ge=0)

    def of(self, provider: LlmProvider) -> LlmProviderSettings:
        settings: LlmProviderSettings = getattr(self, provider.value)
        return settings


class Settings(BaseSettings):
    model_config = SettingsConfigDict(
        env_prefix="APP_", env_nested_delimiter="__", env_file=".env", frozen=True, extra="ignore"
    )

    environment: Environment = Environment.DEVELOPMENT
    secret_key: SecretStr
    log_level: str = "INFO"
    database: DatabaseSettings = DatabaseSettings()
    redis: RedisSettings = RedisSettings()
    chroma: ChromaSettings = ChromaSettings()
    embeddings: EmbeddingSettings = EmbeddingSettings()
    files: FilesSettings = FilesSettings()
    web: WebSettings = WebSettings()
    auth: AuthSettings = AuthSettings()
    limits: LimitSettings = LimitSettings()
    mail: MailSettings = MailSettings()
    practice: PracticeSettings = PracticeSettings()
    learner: LearnerSettings = LearnerSettings()
    jobs: JobSettings = JobSettings()
    llm: LlmSettings = LlmSettings()

    @model_validator(mode="after")
    def _refuse_weak_secrets(self) -> Self:
        secret = self.secret_key.get_secret_value()
        if len(secret.encode()) < MIN_SECRET_BYTES or len(set(secret)) < MIN_SECRET_BYTES // 4:
            raise ValueError(f"APP_SECRET_KEY must be at least {MIN_SECRET_BYTES} random bytes")
        if self.environment is Environment.PRODUCTION:
            self._refuse_unsafe_production()
        return self

    def _refuse_unsafe_production(self) -> None:
        if not self.web.secure_cookies:
            raise ValueError("APP_WEB__SECURE_COOKIES must be true in production")
        if not self.web.public_url.startswith("https://"):
            raise ValueError("APP_WEB__PUBLIC_URL must be https in production")
        if not self.mail.host:
            raise ValueError("APP_MAIL__HOST is required in production: password resets are sent by mail")


@cache
def get_settings() -> Settings:
    return Settings()
