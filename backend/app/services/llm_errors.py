from datetime import datetime
from http import HTTPStatus
from typing import ClassVar

from app.ai.llm.interface import LlmBlockedError as ModelBlockedError
from app.ai.llm.interface import LlmError
from app.core.errors import AppError, InvalidInputError, RateLimitedError, UnavailableError
from app.domain.enums import LlmOutcome

PASSING = frozenset({LlmOutcome.RATE_LIMITED, LlmOutcome.OVERLOADED, LlmOutcome.TIMEOUT})


class LlmNotConfiguredError(AppError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    code = "llm_not_configured"
    title = "No language model"


class LlmUnavailableError(UnavailableError):
    """No provider answers now; later one may."""

    code = "llm_unavailable"


class LlmFailedError(AppError):
    """The providers answered, but not with what was asked for; asking again is of little use."""

    status = HTTPStatus.BAD_GATEWAY
    code = "llm_failed"
    title = "The language model failed"


class LlmBlockedError(InvalidInputError):
    code = "llm_blocked"
    title = "Refused by the provider's filter"


class LlmLimitReachedError(RateLimitedError):
    code = "llm_limit_reached"
    title = "Limit reached"


class LlmBudgetSpentError(AppError):
    status = HTTPStatus.PAYMENT_REQUIRED
    code: ClassVar[str] = "llm_budget_spent"
    title = "Budget spent"


class LlmPriceUnknownError(AppError):
    """A budget that cannot be kept is not begun upon."""

    status = HTTPStatus.PAYMENT_REQUIRED
    code = "llm_price_unknown"
    title = "Price unknown"


def refusal(kind: type[AppError], detail: str, resets_at: datetime, now: datetime) -> AppError:
    """A refusal that says when the next call is possible."""
    wait = max(1, int((resets_at - now).total_seconds()) + 1)
    return kind(detail, extra={"resets_at": resets_at.isoformat()}, headers={"Retry-After": str(wait)})


def service_error(error: LlmError) -> AppError:
    """What a use case raises for a call that failed at every provider."""
    if isinstance(error, ModelBlockedError):
        return LlmBlockedError("The provider's filter refused this text.")
    if error.outcome in PASSING:
        wait = {"Retry-After": str(max(1, round(error.retry_after_s or 30)))}
        return LlmUnavailableError("The language model does not answer now. Try again later.", headers=wait)
    return LlmFailedError(f"The language model gave no usable answer ({error.outcome.value}).")
