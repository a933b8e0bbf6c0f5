import { api } from '$lib/api/client';
import { isTouched, toSend } from './answers';
import { mayPass } from './delivery';
import type { Answer, ShownQuestion } from './types';

const QUIET_MS = 1500;
const AGAIN_MS = 10_000;

type Draft = { assignmentId: string; response: Answer };

/** In a test the server keeps what is not handed in yet: it counts when the time is up, and is there on other devices. */
export class ExamDrafts {
  #waiting: Draft | null = null;
  #sent = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly sessionId: string) {}

  /** Sent once the writing pauses; of a question that is not answered at all there is nothing to keep. */
  save(shown: ShownQuestion, answer: Answer): void {
    if (!isTouched(shown.question, answer)) return;
    this.#waiting = { assignmentId: shown.assignment_id, response: toSend(shown.question, answer) };
    this.#sendIn(QUIET_MS);
  }

  /** Before the test is handed in. Without a connection what was sent before is all there is. */
  async flush(): Promise<void> {
    const draft = this.#waiting;
    clearTimeout(this.#timer);
    this.#waiting = null;
    if (!draft || JSON.stringify(draft) === this.#sent) return;
    const path = { session_id: this.sessionId, assignment_id: draft.assignmentId };
    try {
      await api.put('/api/v1/practice-sessions/{session_id}/drafts/{assignment_id}', {
        path,
        body: { response: draft.response },
      });
      this.#sent = JSON.stringify(draft);
    } catch (error) {
      // What the server refuses for good (the question is over, the answer cannot be read) is told when it is handed in.
      if (!mayPass(error)) return;
      this.#waiting ??= draft;
      this.#sendIn(AGAIN_MS);
    }
  }

  /** The question is answered, or this page is left. */
  drop(): void {
    clearTimeout(this.#timer);
    this.#waiting = null;
  }

  /** What another device, or an earlier visit, has saved for a question. */
  async find(assignmentId: string): Promise<Answer | null> {
    const path = { session_id: this.sessionId };
    const paper = await api.get('/api/v1/practice-sessions/{session_id}/questions', { path }).catch(() => null);
    return paper?.questions.find((one) => one.shown.assignment_id === assignmentId)?.draft ?? null;
  }

  #sendIn(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.flush(), ms);
  }
}
