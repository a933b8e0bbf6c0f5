import type { Answer } from './types';

/** A question in a session of somebody: drafts of others on this device are none of theirs. */
export type Place = { userId: string; sessionId: string; assignmentId: string };
type Kept = { written: Answer; at: number };
type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;

const PREFIX = 'studium.draft.';
const KEPT_MS = 30 * 86_400_000;

/** What somebody has typed; choices are made again faster than they are explained. */
function writtenIn({ text, gaps }: Answer): Answer | null {
  if (text?.trim()) return { text };
  return gaps && Object.values(gaps).some((gap) => gap.trim() !== '') ? { gaps } : null;
}

/**
 * What was written and not sent, kept in this browser: it outlives a reload, a lost connection and a login that ends.
 * A browser that keeps nothing (private windows, full disks) only loses that.
 */
export class Drafts {
  constructor(private readonly store: Store) {}

  keep(place: Place, answer: Answer, now: number): void {
    const written = writtenIn(answer);
    if (!written) return this.forget(place);
    const kept: Kept = { written, at: now };
    try {
      this.store.setItem(nameOf(place), JSON.stringify(kept));
    } catch {
      this.forget(place);
    }
  }

  find(place: Place): Answer | null {
    return this.#read(nameOf(place))?.written ?? null;
  }

  forget(place: Place): void {
    this.store.removeItem(nameOf(place));
  }

  forgetAll(): void {
    for (const name of this.#names()) this.store.removeItem(name);
  }

  /** Sessions that nobody came back to. */
  forgetOld(now: number): void {
    for (const name of this.#names()) {
      if (now - (this.#read(name)?.at ?? 0) > KEPT_MS) this.store.removeItem(name);
    }
  }

  #read(name: string): Kept | null {
    try {
      return JSON.parse(this.store.getItem(name) ?? 'null') as Kept | null;
    } catch {
      return null;
    }
  }

  #names(): string[] {
    const all = Array.from({ length: this.store.length }, (_, index) => this.store.key(index) ?? '');
    return all.filter((name) => name.startsWith(PREFIX));
  }
}

function nameOf({ userId, sessionId, assignmentId }: Place): string {
  return `${PREFIX}${userId}.${sessionId}.${assignmentId}`;
}
