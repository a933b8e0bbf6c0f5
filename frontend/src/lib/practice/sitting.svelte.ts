import { api } from '$lib/api/client';
import { randomKey } from '$lib/api/ids';
import { Problem } from '$lib/api/problem';
import { session as login } from '$lib/api/session.svelte';
import { emptyAnswer, isTouched, toSend } from './answers';
import { deliver } from './delivery';
import { Drafts, type Place } from './drafts';
import type { ExamDrafts } from './exam-drafts';
import type { Answer, Rating, SessionRead, ShownQuestion, StepKind, StepRead } from './types';

const LONGEST_MS = 86_400_000;
/** The question or the session went on without this page: in another tab, or on another device. */
const ELSEWHERE = new Set(['question_finished', 'session_not_active', 'conflict', 'time_is_up']);

/** Placements and exams measure: nothing is told before the end, and nothing helps. */
export const TESTS = new Set<string>(['placement', 'exam']);

/** `waiting`: the connection is lost and the step is kept; `told`: the outcome is on the screen. */
export type Phase = 'open' | 'sending' | 'waiting' | 'told' | 'over';

/** One practice session as its student goes through it. */
export class Sitting {
  session = $state.raw() as SessionRead;
  shown = $state.raw<ShownQuestion | null>(null);
  answer = $state<Answer>({});
  certainty = $state<number | null>(null);
  hints = $state<string[]>([]);
  /** The outcome of the last answer to the question that is shown. */
  outcome = $state.raw<StepRead | null>(null);
  phase = $state<Phase>('open');
  error = $state.raw<unknown>();
  /** Set when the question on the screen was replaced because another tab had finished it. */
  wentOnElsewhere = $state(false);

  #began = 0;
  #drafts = new Drafts(localStorage);
  #examDrafts: Promise<ExamDrafts | null> | undefined;
  #leaving = new AbortController();

  constructor(session: SessionRead) {
    this.#drafts.forgetOld(Date.now());
    this.#take(session);
    if (TESTS.has(session.mode)) void this.#restore();
  }

  get isLocked(): boolean {
    return this.phase !== 'open';
  }

  get isBusy(): boolean {
    return this.phase === 'sending' || this.phase === 'waiting';
  }

  /** Keep what is written so far; called whenever it changes. */
  keepDraft(): void {
    const answer = $state.snapshot(this.answer) as Answer;
    const { shown, phase } = this;
    if (!shown || !this.#place || phase !== 'open') return;
    this.#drafts.keep(this.#place, answer, Date.now());
    void this.#examDrafts?.then((drafts) => {
      if (this.shown === shown && this.phase === 'open') drafts?.save(shown, answer);
    });
  }

  /** Steps on their way stay in the outbox. */
  leave(): void {
    this.#leaving.abort();
    void this.#examDrafts?.then((drafts) => drafts?.flush());
  }

  check(): Promise<void> {
    const question = this.shown?.question;
    if (!question) return Promise.resolve();
    const response = toSend(question, $state.snapshot(this.answer) as Answer);
    const certainty = this.certainty === null ? {} : { certainty: this.certainty };
    return this.#do('answers', { response, ...certainty });
  }

  rate(rating: Rating): Promise<void> {
    this.answer = { rating };
    return this.check();
  }

  hint = (): Promise<void> => this.#do('hints', {});
  turn = (): Promise<void> => this.#do('reveals', {});
  skip = (reason: 'too_easy' | 'not_now' | 'known' | 'dont_know'): Promise<void> => this.#do('skips', { reason });

  /** From the outcome to the next question, to the next try, or to the end. */
  async next(): Promise<void> {
    const outcome = this.outcome;
    if (!outcome || this.phase !== 'told') return;
    if (outcome.next) this.#show(outcome.next);
    else if (!outcome.finished) this.#tryAgain();
    else await this.finish();
  }

  async finish(): Promise<void> {
    await this.#attempt(async () => {
      const path = { session_id: this.session.id };
      await (await this.#examDrafts)?.flush();
      if (this.session.status !== 'finished') {
        this.session = await api.post('/api/v1/practice-sessions/{session_id}/finish', { path });
      }
      if (this.#place) this.#drafts.forget(this.#place);
      this.phase = 'over';
    });
  }

  get #place(): Place | null {
    const { shown, session } = this;
    return shown && { userId: login.user.id, sessionId: session.id, assignmentId: shown.assignment_id };
  }

  async #do(kind: StepKind, more: object): Promise<void> {
    const shown = this.shown;
    if (!shown || this.phase !== 'open') return;
    const clientKey = randomKey();
    const elapsed = Math.min(Math.round(performance.now() - this.#began), LONGEST_MS);
    const body = { assignment_id: shown.assignment_id, client_key: clientKey, elapsed_ms: elapsed, ...more };
    const step = { clientKey, userId: login.user.id, sessionId: this.session.id, kind, body, at: Date.now() };
    this.phase = 'sending';
    void this.#examDrafts?.then((drafts) => drafts?.drop());
    await this.#attempt(async () => {
      const onWaiting = () => (this.phase = 'waiting');
      const reply = await deliver(step, { onWaiting, signal: this.#leaving.signal });
      if (kind !== 'hints' && this.#place) this.#drafts.forget(this.#place);
      this.#apply(kind, reply);
    });
  }

  #apply(kind: StepKind, reply: StepRead): void {
    const { answered, status, length, score, mark } = reply.session;
    this.session = {
      ...this.session,
      answered,
      status,
      length,
      score: score ?? this.session.score,
      mark: mark ?? this.session.mark,
    };
    if (reply.hint) this.hints.push(reply.hint);
    if (kind === 'hints') this.phase = 'open';
    else if (kind === 'reveals') this.#turned(reply);
    // Put aside, or graded at the end: there is nothing to tell.
    else if (reply.state === null) this.#goOn(reply);
    else {
      this.outcome = reply;
      this.phase = 'told';
    }
  }

  #turned(reply: StepRead): void {
    if (!this.shown) return;
    this.shown = { ...this.shown, back: { answer_text: reply.answer_text, explanation: reply.explanation ?? '' } };
    this.phase = 'open';
  }

  #goOn(reply: StepRead): void {
    if (reply.next) this.#show(reply.next);
    else void this.finish();
  }

  #show(shown: ShownQuestion): void {
    this.shown = shown;
    this.answer = { ...emptyAnswer(shown.question), ...(this.#place && this.#drafts.find(this.#place)) };
    this.certainty = null;
    this.hints = [...shown.hints_taken];
    this.outcome = null;
    this.error = undefined;
    this.phase = 'open';
    this.#began = performance.now();
  }

  #tryAgain(): void {
    this.outcome = null;
    this.phase = 'open';
    this.#began = performance.now();
  }

  /** A test that was begun elsewhere goes on with what was written there. */
  async #restore(): Promise<void> {
    const shown = this.shown;
    this.#examDrafts = import('./exam-drafts').then(
      (code) => new code.ExamDrafts(this.session.id),
      () => null,
    );
    if (!shown || isTouched(shown.question, this.answer)) return;
    const found = await (await this.#examDrafts)?.find(shown.assignment_id);
    if (found && this.shown === shown && !isTouched(shown.question, this.answer)) this.answer = found;
  }

  #take(session: SessionRead): void {
    this.session = session;
    if (session.current) this.#show(session.current);
    else this.phase = 'over';
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    this.error = undefined;
    try {
      await work();
    } catch (error) {
      if (this.#leaving.signal.aborted) return;
      if (error instanceof Problem && ELSEWHERE.has(error.code)) await this.#readAgain();
      else this.#refused(error);
    }
  }

  #refused(error: unknown): void {
    this.error = error;
    this.phase = this.outcome ? 'told' : 'open';
  }

  async #readAgain(): Promise<void> {
    try {
      const path = { session_id: this.session.id };
      this.#take(await api.get('/api/v1/practice-sessions/{session_id}', { path }));
      this.wentOnElsewhere = true;
    } catch (error) {
      this.#refused(error);
    }
  }
}
