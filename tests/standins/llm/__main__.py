"""By hand: `python -m tests.standins.llm --port 9100`; see docs/ai.md."""

import argparse

from tests.standins.llm.server import LlmStandIn, Scenario


def main() -> None:
    parser = argparse.ArgumentParser(description="Speaks the protocols of Gemini, OpenAI and Anthropic.")
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("--scenario", type=Scenario, choices=list(Scenario), default=Scenario.OK)
    parser.add_argument("--slow-s", type=float, default=0.5, help="How late `slow` is.")
    arguments = parser.parse_args()
    standin = LlmStandIn(arguments.port, arguments.scenario, arguments.slow_s)
    print(f"Listening at {standin.url}", flush=True)  # noqa: T201  # for whoever started it
    try:
        standin.serve_forever()
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
