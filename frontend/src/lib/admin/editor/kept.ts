import type { StoredDraft } from './draft';

/** A text that was not saved when its page was left: the tab crashed, the login ended, the machine went to sleep. */
export type Kept = { subjectId: string; draft: StoredDraft; revision: number | undefined; at: string };

const PREFIX = 'studium.draft.';
const LONGEST_DAYS = 14;
const DAY_MS = 86_400_000;

export function keep(place: string, text: Omit<Kept, 'at'>, now = new Date()): void {
  try {
    localStorage.setItem(PREFIX + place, JSON.stringify({ ...text, at: now.toISOString() }));
  } catch {
    // A full or forbidden store must not stop the writing.
  }
}

export function keptText(place: string, now = new Date()): Kept | undefined {
  try {
    const found = JSON.parse(localStorage.getItem(PREFIX + place) ?? 'null') as Kept | null;
    return found && now.getTime() - Date.parse(found.at) < LONGEST_DAYS * DAY_MS ? found : undefined;
  } catch {
    return undefined;
  }
}

export function forget(place: string): void {
  try {
    localStorage.removeItem(PREFIX + place);
  } catch {
    // Nothing was kept then.
  }
}
