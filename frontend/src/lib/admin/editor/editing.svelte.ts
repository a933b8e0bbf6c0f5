import { api } from '$lib/api/client';
import { randomKey } from '$lib/api/ids';
import { Problem } from '$lib/api/problem';
import type { components } from '$lib/api/schema';
import { editable, fitted, sendable, type Draft, type QuestionType, type StoredDraft } from './draft';
import { pathOfRefusal } from './fields';
import { forget, keep } from './kept';

type Schemas = components['schemas'];
export type Question = Schemas['QuestionRead'];
export type Check = Schemas['QuestionCheck'];
export type Refusal = { path: string; message: string };

const PAUSE_MS = 400;

/** One question while it is being written: its draft, what the server says of it, and where it is stored. */
export class Editing {
  draft = $state() as Draft;
  subjectId = $state('');
  question = $state.raw<Question>();
  check = $state.raw<Check>();
  /** Members that cannot be stored as they are. */
  refusals = $state.raw<Refusal[]>([]);
  error = $state.raw<unknown>();
  /** What somebody else has stored meanwhile. */
  theirs = $state.raw<Question>();
  isSaving = $state(false);
  seed = $state(0);
  /** What `check` is the answer to. */
  private checked: Schemas['QuestionCheckCreate'] | undefined;
  private saved = $state('');
  private key = randomKey();
  private asking: AbortController | undefined;

  constructor(draft: Draft, subjectId: string, question?: Question) {
    this.draft = draft;
    this.subjectId = subjectId;
    this.question = question;
    this.saved = this.text;
  }

  static of(question: Question): Editing {
    return new Editing(editable(question.draft), question.subject_id, question);
  }

  /** The draft as it would be sent, to tell whether anything was changed. */
  get text(): string {
    return JSON.stringify(sendable(this.draft));
  }

  get isChanged(): boolean {
    return this.text !== this.saved;
  }

  /** Where text that is not saved is kept in this browser. */
  get place(): string {
    return this.question?.id ?? 'new';
  }

  setType(type: QuestionType): void {
    this.draft = fitted(this.draft, type);
  }

  use(draft: StoredDraft): void {
    this.draft = editable(draft);
  }

  refused(path: string): string | undefined {
    return this.refusals.find((one) => one.path === path || one.path.startsWith(`${path}.`))?.message;
  }

  /** Ask how the draft looks and what is missing, once the typing pauses; keep the text in the browser too. */
  watch(): () => void {
    const [text, subjectId, seed] = [this.text, this.subjectId, this.seed];
    const timer = setTimeout(() => {
      this.keepText();
      if (subjectId) void this.ask(text, subjectId, seed);
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }

  /** Keep what is not saved in the browser. */
  keepText(): void {
    if (!this.isChanged) return;
    const draft = JSON.parse(this.text) as StoredDraft;
    keep(this.place, { subjectId: this.subjectId, draft, revision: this.question?.revision });
  }

  private async ask(text: string, subjectId: string, seed: number): Promise<void> {
    this.asking?.abort();
    const own = (this.asking = new AbortController());
    try {
      const body = { subject_id: subjectId, draft: JSON.parse(text) as StoredDraft, seed };
      const found = await api.post('/api/v1/questions/check', { body, signal: own.signal });
      if (own.signal.aborted) return;
      [this.check, this.checked] = [found, body];
      this.refusals = [];
    } catch (error) {
      if (!own.signal.aborted) this.note(error);
    }
  }

  /** What a student who answers this would be told; `check` has to be there. */
  tryOut(response: Schemas['DraftTry']['response']): Promise<Schemas['TrialRead']> {
    return api.post('/api/v1/questions/check/try', { body: { ...this.checked!, response } });
  }

  /** Store the draft; true when it is stored. A conflict is told in `theirs`, and the text stays. */
  async save(revision?: number): Promise<boolean> {
    [this.isSaving, this.error] = [true, undefined];
    const sent = this.text;
    try {
      this.question = await this.store(JSON.parse(sent) as StoredDraft, revision);
      this.key = randomKey();
      forget(this.place);
      forget('new');
      [this.theirs, this.refusals] = [undefined, []];
      // What was typed while it was being saved is not saved.
      if (this.text === sent) this.use(this.question.draft);
      this.saved = this.text === JSON.stringify(sendable(editable(this.question.draft))) ? this.text : sent;
      return true;
    } catch (error) {
      await this.failed(error);
      return false;
    } finally {
      this.isSaving = false;
    }
  }

  private store(draft: StoredDraft, revision?: number): Promise<Question> {
    if (!this.question) return api.post('/api/v1/questions', { body: { subject_id: this.subjectId, draft }, idempotencyKey: this.key });
    const path = { question_id: this.question.id };
    return api.put('/api/v1/questions/{question_id}', { path, body: { revision: revision ?? this.question.revision, draft } });
  }

  private async failed(error: unknown): Promise<void> {
    this.key = randomKey();
    this.note(error);
    if (!(error instanceof Problem) || error.code !== 'stale_revision' || !this.question) return;
    this.error = undefined;
    this.theirs = await api.get('/api/v1/questions/{question_id}', { path: { question_id: this.question.id } }).catch(() => undefined);
    if (!this.theirs) this.error = error;
  }

  private note(error: unknown): void {
    const fields = error instanceof Problem ? error.fields : [];
    if (fields.length) this.refusals = fields.map(({ at, message }) => ({ path: pathOfRefusal(at), message }));
    else this.error = error;
  }

  takeTheirs(): void {
    if (!this.theirs) return;
    this.question = this.theirs;
    this.use(this.theirs.draft);
    this.saved = this.text;
    this.theirs = undefined;
    forget(this.place);
  }

  async setStatus(status: Schemas['QuestionStatus']): Promise<boolean> {
    if (!this.question) return false;
    [this.isSaving, this.error] = [true, undefined];
    try {
      this.question = await api.post('/api/v1/questions/{question_id}/status', {
        path: { question_id: this.question.id },
        body: { status, revision: this.question.revision },
      });
      return true;
    } catch (error) {
      await this.failed(error);
      return false;
    } finally {
      this.isSaving = false;
    }
  }

  async remove(): Promise<boolean> {
    if (!this.question) return false;
    try {
      await api.delete('/api/v1/questions/{question_id}', { path: { question_id: this.question.id } });
      forget(this.place);
      return true;
    } catch (error) {
      this.error = error;
      return false;
    }
  }
}
