from dataclasses import dataclass, field
from pathlib import Path

from .http_probe import answers_ok
from .parts import Part
from .ports import LOOPBACK, free_port
from .python_environment import PythonEnvironment
from .variables import own_variables

# What Chroma's console script comes down to, without importing its Python client: 2 s and 70 MB less. The script itself
# would also break when the project folder moves, since it holds the absolute path of its environment.
RUN = "import sys, chromadb_rust_bindings; chromadb_rust_bindings.cli(['chroma', *sys.argv[1:]])"


@dataclass(frozen=True)
class ChromaServer:
    folder: Path
    port: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def part(self, python: PythonEnvironment) -> Part:
        where = ("--path", str(self.folder), "--host", LOOPBACK, "--port", str(self.port))
        return Part(
            name="chroma",
            title="Chroma",
            command=(str(python.executable), "-c", RUN, "run", *where),
            environment=own_variables() | {"ANONYMIZED_TELEMETRY": "False", "NO_COLOR": "1"},
            is_ready=lambda: answers_ok(f"{self.url}/api/v2/heartbeat"),
        )
