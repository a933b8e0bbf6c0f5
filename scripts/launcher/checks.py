import json
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .demo import Login
from .failure import LaunchError

TIMEOUT_S = 20.0
QUESTIONS_TRIED = 3


class ApiClient:
    """Talks to the running product as a program of a user would."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._token = ""

    def log_in(self, login: Login) -> None:
        reply = self.post("/api/v1/auth/login", {"email": login.email, "password": login.password})
        self._token = reply["access_token"]

    def get(self, path: str) -> Any:
        return self._send(urllib.request.Request(self._url + path))  # noqa: S310 - our own address

    def post(self, path: str, body: Mapping[str, object]) -> Any:
        headers = {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
        return self._send(urllib.request.Request(self._url + path, json.dumps(body).encode(), headers))  # noqa: S310

    def _send(self, request: urllib.request.Request) -> Any:
        if self._token:
            request.add_header("Authorization", f"Bearer {self._token}")
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        asked = f"{request.get_method()} {request.full_url}"
        try:
            with direct.open(request, timeout=TIMEOUT_S) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")
            raise LaunchError(f"Check failed: {asked} answered {error.code} {said[:300]}") from error
        except OSError as error:
            raise LaunchError(f"Check failed: {asked} was not answered ({error}).") from error


def check_main_job(url: str, logins: Sequence[Login]) -> None:
    """The main job end to end: a student practises, and the estimate of what they know moves.

    Without a demo there is nobody to practise, and only readiness is checked.
    """
    client = ApiClient(url)
    if not client.get("/health/ready")["ready"]:
        raise LaunchError("Check failed: the API says that it is not ready.")
    student = next((login for login in logins if login.role == "student"), None)
    if student is None:
        print("Check passed: ready (no demo student, so nothing was practised)")
        return
    client.log_in(student)
    subject = client.get("/api/v1/subjects?limit=1")["items"][0]
    before = levels(client, subject["id"])
    practise(client, subject["id"])
    moved = {skill: level for skill, level in levels(client, subject["id"]).items() if level != before.get(skill)}
    if not moved:
        raise LaunchError(f"Check failed: {QUESTIONS_TRIED} answers did not move the estimate of any skill.")
    shown = ", ".join(f"{skill} {before.get(skill, 0):.3f} -> {level:.3f}" for skill, level in moved.items())
    print(f"Check passed: {QUESTIONS_TRIED} questions answered, mastery moved: {shown}")


def levels(client: ApiClient, subject_id: str) -> dict[str, float]:
    """The chance to answer an average question of each skill: unlike mastery it never rests at 0 or 1."""
    progress = client.get(f"/api/v1/progress?subject_id={subject_id}")
    return {skill["name"]: skill["level"] for skill in progress["skills"]}


def practise(client: ApiClient, subject_id: str) -> None:
    """Answer some questions of the subject."""
    session = client.post("/api/v1/practice-sessions", {"subject_id": subject_id})
    path = f"/api/v1/practice-sessions/{session['id']}"
    shown = session["current"]
    for _ in range(QUESTIONS_TRIED):
        if shown is None:
            raise LaunchError("Check failed: the practice ran out of questions.")
        answer = {"assignment_id": shown["assignment_id"], "client_key": str(uuid.uuid4()), "elapsed_ms": 8_000}
        shown = client.post(f"{path}/answers", answer | {"response": some_response(shown["question"])})["next"]
    client.post(f"{path}/finish", {})


def some_response(question: dict[str, Any]) -> dict[str, Any]:
    """A well-formed answer to a question of any type; whether it is right does not matter here."""
    respond = RESPONSES.get(question["type"])
    return respond(question) if respond else {"text": "1"}


def _some_gap(gap: dict[str, Any]) -> str:
    option_id: str = gap["options"][0]["id"] if gap["options"] else "1"
    return option_id


RESPONSES: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "single_choice": lambda question: {"choice": question["options"][0]["id"]},
    "true_false": lambda question: {"choice": question["options"][0]["id"]},
    "multiple_response": lambda question: {"choices": [question["options"][0]["id"]]},
    "matching": lambda question: {"pairs": {left["id"]: question["rights"][0]["id"] for left in question["lefts"]}},
    "ordering": lambda question: {"order": [item["id"] for item in question["items"]]},
    "cloze": lambda question: {"gaps": {gap["id"]: _some_gap(gap) for gap in question["gaps"]}},
    "hotspot": lambda _: {"points": [[1.0, 1.0]]},
    "flashcard": lambda _: {"rating": "good"},
}
