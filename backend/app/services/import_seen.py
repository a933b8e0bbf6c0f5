"""What an import has met so far and cannot, or not yet, find in the bank."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.domain.question_draft import QuestionDraft
from app.services.import_changes import Details
from app.services.import_events import ReadDraft
from app.services.import_near import NearFinder


@dataclass(frozen=True, slots=True)
class SeenQuestion:
    """A question that an earlier file of the same dry run would have left in the bank."""

    content_hash: str
    details: Details
    status: str


@dataclass(slots=True)
class SeenDrafts:
    """`hashes` are contents that came before, `names` the external ids of this file.

    `replaced` are contents that the changes of this run take out of the bank. A dry run over several files also keeps
    in `earlier` the questions with an external id that the files before would have left there. `near` knows their
    texts.
    """

    spans_files: bool = False
    hashes: set[bytes] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    replaced: set[bytes] = field(default_factory=set)
    earlier: dict[str, SeenQuestion] = field(default_factory=dict)
    near: NearFinder = field(default_factory=NearFinder)
    _of_this_file: dict[str, SeenQuestion] = field(default_factory=dict)

    def add(self, draft: QuestionDraft, digest: str) -> None:
        self.hashes.add(bytes.fromhex(digest))
        self.replaced.discard(bytes.fromhex(digest))
        if draft.external_id is not None:
            self.names.add(draft.external_id)

    def add_all(self, reads: Iterable[ReadDraft]) -> None:
        """Take note of drafts that an earlier run has stored."""
        fresh: list[QuestionDraft] = []
        for read in reads:
            known = len(self.hashes)
            self.add(read.draft, read.digest)
            if len(self.hashes) > known:
                fresh.append(read.draft)
        self.near.remember(fresh)

    def replace(self, digest: str) -> None:
        """A content is no more: another one takes its place."""
        self.hashes.discard(bytes.fromhex(digest))
        self.replaced.add(bytes.fromhex(digest))

    def leave(self, name: str, question: SeenQuestion) -> None:
        self._of_this_file[name] = question

    def next_file(self) -> None:
        self.earlier |= self._of_this_file
        self._of_this_file, self.names = {}, set()
        self.near.next_file()
