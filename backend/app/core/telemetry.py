from prometheus_client import Counter, Histogram

REQUESTS = Counter("studium_http_requests_total", "HTTP requests", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "studium_http_request_seconds",
    "Time to answer a request",
    ["route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
ANSWERS = Counter("studium_answers_total", "Practice steps stored", ["action", "result"])
JOBS = Counter("studium_jobs_total", "Background jobs by outcome", ["kind", "outcome"])
LLM_CALLS = Counter("studium_llm_calls_total", "Calls of language models", ["flow", "provider", "outcome"])
LLM_TOKENS = Counter("studium_llm_tokens_total", "Tokens of language models", ["flow", "provider"])
EMBEDDED = Counter("studium_embedded_texts_total", "Texts turned into vectors, cached ones not counted", ["embedder"])
