#!/usr/bin/env python3
"""Measure the pages of a running product: the time to the first question, cold and warm, and what an answer fetches.

The time is that of a phone: CPU four times slower, 1.6 Mbit/s down, 150 ms of latency. Of an answer count all requests
but those for pictures, and all bytes that arrive, headers included. Needs Chromium and `requirements/dev.txt`.
"""

import project  # isort: skip  # noqa: F401  # goes on in the project's environment

import argparse
import itertools
import json
import secrets
import statistics
import sys
from typing import Any, Final

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

DEMO: Final = {"email": "student@demo.example", "password": "practice makes progress"}
_keys = itertools.count(secrets.randbits(24))
PHONE: Final = ViewportSize(width=390, height=844)
ARGUMENTS: Final = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
NETWORK: Final = {"offline": False, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 94_000}
CPU_SLOWER: Final = 4
# When the first of these is on the screen, somebody can begin to read.
FIRST_QUESTION: Final = "section[aria-label^='Question']"
QUESTIONS: Final = 100  # of a session; enough for some with one choice
ANSWERS: Final = 5
PICTURES: Final = "/media/"
SETTLED_MS: Final = 500


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--browser", default="/usr/bin/chromium")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.browser, args=ARGUMENTS)
        rounds = [measure(browser, options.url) for _ in range(options.rounds)]
        browser.close()
    figures = {name: round(statistics.median(one[name] for one in rounds), 2) for name in rounds[0]}
    print(json.dumps({"rounds": options.rounds, **figures}, indent=2))
    return 0


def measure(browser: Browser, url: str) -> dict[str, float]:
    """Seconds until the first question is shown: without and with what an earlier visit left in the browser."""
    context = browser.new_context(viewport=PHONE, base_url=url)
    page_url = start_session(context)
    cold = seconds_to_question(throttled(context), page_url)
    keep_shell(context, url)
    warm = seconds_to_question(throttled(context), page_url)
    weights = weights_of_answers(context.new_page(), page_url)
    context.close()
    return {
        "cold_s": cold,
        "warm_s": warm,
        "requests_per_answer": statistics.fmean(len(one) for one in weights),
        "bytes_per_answer": statistics.fmean(map(sum, weights)),
    }


def start_session(context: BrowserContext) -> str:
    context.request.post("/api/v1/auth/login", data=DEMO)
    cookies = {cookie["name"]: cookie["value"] for cookie in context.cookies()}
    headers = {"X-CSRF-Token": cookies["studium_csrf"], "Idempotency-Key": f"bench-web-{next(_keys):08}"}
    subject = context.request.get("/api/v1/subjects").json()["items"][0]["id"]
    wish: dict[str, Any] = {"subject_id": subject, "length": QUESTIONS}
    session = context.request.post("/api/v1/practice-sessions", data=wish, headers=headers).json()
    return f"/practice/{session['id']}"


def throttled(context: BrowserContext) -> Page:
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", NETWORK)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})
    return page


def seconds_to_question(page: Page, path: str) -> float:
    page.goto(path, wait_until="commit")
    page.locator(FIRST_QUESTION).wait_for()
    elapsed: float = page.evaluate("performance.now() / 1000")
    page.close()
    return elapsed


class Fetched:
    """Bytes of each request of a page since the last look."""

    def __init__(self, page: Page) -> None:
        self._bytes, self._addresses = list[float](), dict[str, str]()
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.on("Network.requestWillBeSent", self._sent)
        devtools.on("Network.loadingFinished", self._arrived)

    def _sent(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["request"]["url"]

    def _arrived(self, event: dict[str, Any]) -> None:
        if PICTURES not in self._addresses.get(event["requestId"], PICTURES):
            self._bytes.append(event["encodedDataLength"])

    def take(self) -> list[float]:
        taken, self._bytes = self._bytes, []
        return taken


def weights_of_answers(page: Page, path: str) -> list[list[float]]:
    """What answers to questions with one choice fetch; the first, which loads what is kept, is left out."""
    fetched, numbers, weights = Fetched(page), itertools.count(1), list[list[float]]()
    page.goto(path)
    while len(weights) < ANSWERS:
        question = page.get_by_role("region", name=f"Question {next(numbers)}", exact=True)
        question.wait_for()
        page.wait_for_load_state("networkidle")
        if question.get_by_role("radio").count():
            fetched.take()
            answer(page)
            weights.append(fetched.take())
            page.keyboard.press("Enter")
        else:
            page.get_by_role("button", name="Skip").click()
            page.get_by_text("Not now").click()
    page.close()
    return weights[1:]


def answer(page: Page) -> None:
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Next").wait_for()
    page.wait_for_timeout(SETTLED_MS)


def keep_shell(context: BrowserContext, url: str) -> None:
    """A visit that is long enough for the service worker to keep the shell."""
    page = context.new_page()
    page.goto(url)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_load_state("networkidle")
    page.close()


if __name__ == "__main__":
    sys.exit(main())
