import { describe, expect, it } from 'vitest';
import { Drafts, type Place } from './drafts';

const HERE: Place = { userId: 'ada', sessionId: 's1', assignmentId: 'a1' };
const DAY_MS = 86_400_000;

class MemoryStore {
  readonly kept = new Map<string, string>();
  room = Number.POSITIVE_INFINITY;

  get length(): number {
    return this.kept.size;
  }
  key = (index: number): string | null => [...this.kept.keys()][index] ?? null;
  getItem = (name: string): string | null => this.kept.get(name) ?? null;
  removeItem = (name: string): void => void this.kept.delete(name);
  setItem = (name: string, value: string): void => {
    if (value.length > this.room) throw new DOMException('full', 'QuotaExceededError');
    this.kept.set(name, value);
  };
}

describe('what was written and not sent', () => {
  it('is found by another page of the same session', () => {
    const store = new MemoryStore();
    new Drafts(store).keep(HERE, { text: 'Half of an essay' }, 0);
    expect(new Drafts(store).find(HERE)).toEqual({ text: 'Half of an essay' });
  });

  it.each([{ userId: 'bob' }, { sessionId: 's2' }, { assignmentId: 'a2' }])('is not that of %j', (other) => {
    const drafts = new Drafts(new MemoryStore());
    drafts.keep(HERE, { gaps: { g1: 'mine' } }, 0);
    expect(drafts.find({ ...HERE, ...other })).toBeNull();
  });

  it('is gone once the field is empty again, and choices are not kept', () => {
    const store = new MemoryStore();
    const drafts = new Drafts(store);
    drafts.keep(HERE, { text: 'x' }, 0);
    drafts.keep(HERE, { text: '  ' }, 0);
    drafts.keep(HERE, { choice: 'o1' }, 0);
    expect(store.length).toBe(0);
  });

  it('never shows an older text for one that there was no room for', () => {
    const store = new MemoryStore();
    const drafts = new Drafts(store);
    drafts.keep(HERE, { text: 'short' }, 0);
    store.room = 10;
    drafts.keep(HERE, { text: 'too long by now' }, 0);
    expect(drafts.find(HERE)).toBeNull();
  });

  it('is forgotten a month later; what is not a draft stays', () => {
    const store = new MemoryStore();
    store.setItem('studium.theme', 'dark');
    store.setItem('studium.draft.broken', '{');
    const drafts = new Drafts(store);
    drafts.keep(HERE, { text: 'old' }, 0);
    const recent = { ...HERE, assignmentId: 'a2' };
    drafts.keep(recent, { text: 'recent' }, 2 * DAY_MS);
    drafts.forgetOld(31 * DAY_MS);
    expect(drafts.find(HERE)).toBeNull();
    expect(drafts.find(recent)).toEqual({ text: 'recent' });
    expect([...store.kept.keys()]).toHaveLength(2);
    expect(store.getItem('studium.theme')).toBe('dark');
  });
});
