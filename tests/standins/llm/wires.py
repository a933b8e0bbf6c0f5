"""The three protocols: how a request is read, and how an answer, a part of a stream and an error are written."""

import json
from collections.abc import Iterator
from typing import Any, Protocol

from tests.standins.llm.answers import INLINE, THOUGHTS, TRANSCRIPT, VECTOR_LENGTH, Asked, tokens, vector

Body = dict[str, Any]
THOUGHT_TOKENS = 3


class Wire(Protocol):
    cut_before: int
    """The event of a stream by which the first half of the text has been shown and nothing else of it."""

    def read(self, path: str, body: Body) -> Asked: ...

    def answer(self, asked: Asked, text: str) -> Body: ...

    def blocked(self, asked: Asked) -> Body: ...

    def events(self, asked: Asked, text: str) -> Iterator[str]:
        """Server-sent events of a stream: the thought first, the text in two parts, then the usage and the end."""
        ...

    def error(self, status: int, retry_after: float | None) -> Body: ...

    def vectors(self, vectors: list[list[float]]) -> Body: ...


def wire_of(path: str) -> tuple[str, Wire] | None:
    if "/models/" in path:
        return "gemini", Gemini()
    if path.endswith("/messages"):
        return "anthropic", Anthropic()
    if path.endswith(("/chat/completions", "/embeddings", "/audio/transcriptions")):
        return "openai", OpenAi()
    return None


def vectors_of(asked: Asked) -> list[list[float]]:
    return [vector(text, asked.dimension or VECTOR_LENGTH) for text in asked.texts]


def _halves(text: str) -> tuple[str, str]:
    return text[: len(text) // 2], text[len(text) // 2 :]


def _data(body: Body) -> str:
    return f"data: {json.dumps(body)}\n\n"


class Gemini:
    cut_before = 2

    def read(self, path: str, body: Body) -> Asked:
        model, _, action = path.rpartition("/models/")[2].partition(":")
        if "mbedContent" in action:
            requests = body.get("requests", [body])
            first = requests[0] if requests else {}
            return Asked(
                "gemini",
                "embed",
                model,
                texts=tuple(_gemini_text(request["content"]) for request in requests),
                dimension=first.get("outputDimensionality"),
            )
        config = body.get("generationConfig", {})
        return Asked(
            "gemini",
            "chat",
            model,
            system=_gemini_text(body.get("systemInstruction", {})),
            texts=tuple(_gemini_text(content) for content in body["contents"]),
            schema=config.get("responseJsonSchema"),
            streams=action.startswith("stream"),
        )

    def answer(self, asked: Asked, text: str) -> Body:
        return _gemini_chunk([{"text": text}], "STOP", asked, text)

    def blocked(self, asked: Asked) -> Body:
        return {"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": {"promptTokenCount": tokens(asked.text)}}

    def events(self, asked: Asked, text: str) -> Iterator[str]:
        yield _data(_gemini_chunk([{"text": THOUGHTS, "thought": True}], None, asked, ""))
        first, second = _halves(text)
        yield _data(_gemini_chunk([{"text": first}], None, asked, first))
        yield _data(_gemini_chunk([{"text": second}], "STOP", asked, text))

    def error(self, status: int, retry_after: float | None) -> Body:
        delay = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": f"{retry_after}s"}
        details = [] if retry_after is None else [delay]
        return {"error": {"code": status, "message": "As planned.", "status": "PLANNED", "details": details}}

    def vectors(self, vectors: list[list[float]]) -> Body:
        return {"embeddings": [{"values": each} for each in vectors]}


def _gemini_text(content: Body) -> str:
    return "".join(part.get("text") or _inline(part) for part in content.get("parts", ()))


def _inline(part: Body) -> str:
    """Google's servers read both spellings, and its library sends both."""
    blob = part.get("inlineData") or part.get("inline_data")
    return f"{INLINE}{blob['data']}" if blob else ""


def _gemini_chunk(parts: list[Body], finish: str | None, asked: Asked, text: str) -> Body:
    candidate: Body = {"content": {"role": "model", "parts": parts}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    usage = {
        "promptTokenCount": tokens(asked.text),
        "candidatesTokenCount": tokens(text),
        "thoughtsTokenCount": THOUGHT_TOKENS,
    }
    return {"candidates": [candidate], "usageMetadata": usage}


class OpenAi:
    cut_before = 2

    def read(self, path: str, body: Body) -> Asked:
        if path.endswith("/embeddings"):
            given = body["input"]
            texts = (given,) if isinstance(given, str) else tuple(given)
            return Asked("openai", "embed", body["model"], texts=texts, dimension=body.get("dimensions"))
        if path.endswith("/audio/transcriptions"):
            return Asked("openai", "transcribe", "audio")
        spoken = [message["content"] for message in body["messages"]]
        form = body.get("response_format", {}).get("json_schema", {})
        return Asked(
            "openai",
            "chat",
            body["model"],
            system=spoken[0],
            texts=tuple(spoken[1:]),
            schema=form.get("schema"),
            streams=body.get("stream", False),
        )

    def answer(self, asked: Asked, text: str) -> Body:
        if asked.kind == "transcribe":
            return {"text": TRANSCRIPT}
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": text}}
        return {**_openai_frame("chat.completion", asked), "choices": [choice], "usage": _openai_usage(asked, text)}

    def blocked(self, asked: Asked) -> Body:
        message = {"role": "assistant", "content": None, "refusal": "As planned."}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        return {**_openai_frame("chat.completion", asked), "choices": [choice], "usage": _openai_usage(asked, "")}

    def events(self, asked: Asked, text: str) -> Iterator[str]:
        frame = _openai_frame("chat.completion.chunk", asked)
        first, second = _halves(text)
        for delta in ({"reasoning_content": THOUGHTS}, {"content": first}, {"content": second}):
            yield _data({**frame, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
        yield _data({**frame, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        yield _data({**frame, "choices": [], "usage": _openai_usage(asked, text)})
        yield "data: [DONE]\n\n"

    def error(self, status: int, retry_after: float | None) -> Body:
        del retry_after
        return {"error": {"message": "As planned.", "type": "planned", "code": str(status)}}

    def vectors(self, vectors: list[list[float]]) -> Body:
        data = [{"object": "embedding", "index": index, "embedding": each} for index, each in enumerate(vectors)]
        return {"object": "list", "model": "m", "data": data, "usage": {"prompt_tokens": 5, "total_tokens": 5}}


def _openai_frame(kind: str, asked: Asked) -> Body:
    return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": asked.model}


def _openai_usage(asked: Asked, text: str) -> Body:
    out = tokens(text) + THOUGHT_TOKENS
    return {
        "prompt_tokens": tokens(asked.text),
        "completion_tokens": out,
        "total_tokens": tokens(asked.text) + out,
        "completion_tokens_details": {"reasoning_tokens": THOUGHT_TOKENS},
    }


class Anthropic:
    cut_before = 6

    def read(self, path: str, body: Body) -> Asked:
        del path
        form = body.get("output_config", {}).get("format", {})
        return Asked(
            "anthropic",
            "chat",
            body["model"],
            system=body.get("system", ""),
            texts=tuple(message["content"] for message in body["messages"]),
            schema=form.get("schema"),
            streams=body.get("stream", False),
        )

    def answer(self, asked: Asked, text: str) -> Body:
        return _anthropic_message(asked, [{"type": "text", "text": text}], "end_turn", text)

    def blocked(self, asked: Asked) -> Body:
        return _anthropic_message(asked, [], "refusal", "")

    def events(self, asked: Asked, text: str) -> Iterator[str]:
        yield _event("message_start", message=_anthropic_message(asked, [], None, ""))
        blocks = [("thinking", [THOUGHTS]), ("text", list(_halves(text)))]
        for index, (kind, pieces) in enumerate(blocks):
            empty = {"type": kind, kind: "", **({"signature": ""} if kind == "thinking" else {})}
            yield _event("content_block_start", index=index, content_block=empty)
            for piece in pieces:
                yield _event("content_block_delta", index=index, delta={"type": f"{kind}_delta", kind: piece})
            yield _event("content_block_stop", index=index)
        usage = _anthropic_usage(asked, text)
        yield _event("message_delta", delta={"stop_reason": "end_turn", "stop_sequence": None}, usage=usage)
        yield _event("message_stop")

    def error(self, status: int, retry_after: float | None) -> Body:
        del status, retry_after
        return {"type": "error", "error": {"type": "planned_error", "message": "As planned."}}

    def vectors(self, vectors: list[list[float]]) -> Body:
        del vectors
        raise AssertionError("Anthropic has no embeddings.")


def _event(kind: str, **members: Any) -> str:
    return f"event: {kind}\n{_data({'type': kind, **members})}"


def _anthropic_usage(asked: Asked, text: str) -> Body:
    out = tokens(text) + THOUGHT_TOKENS
    details = {"thinking_tokens": THOUGHT_TOKENS}
    return {"input_tokens": tokens(asked.text), "output_tokens": out, "output_tokens_details": details}


def _anthropic_message(asked: Asked, content: list[Body], reason: str | None, text: str) -> Body:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": asked.model,
        "content": content,
        "stop_reason": reason,
        "stop_sequence": None,
        "usage": _anthropic_usage(asked, text),
    }
