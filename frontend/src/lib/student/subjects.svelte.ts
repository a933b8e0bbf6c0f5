import { api } from '$lib/api/client';
import type { components } from '$lib/api/schema';

export type Subject = components['schemas']['SubjectRead'];

const KEPT = 'studium.subject';
let all = $state.raw<Subject[]>();
let chosen = $state(localStorage.getItem(KEPT) ?? '');

/** The subjects a student may practise, and the one their screens are about. */
export const subjects = {
  get all(): Subject[] {
    return all ?? [];
  },
  get current(): Subject | undefined {
    return all?.find((subject) => subject.id === chosen) ?? all?.[0];
  },
  choose(id: string): void {
    chosen = id;
    localStorage.setItem(KEPT, id);
  },
};

export async function readSubjects(): Promise<Subject[]> {
  if (!all) {
    const { items } = await api.get('/api/v1/subjects', { query: { limit: 100 } });
    if (!items.some((subject) => subject.id === chosen)) chosen = await practisedLast();
    all = items;
  }
  return all;
}

/** On a new device; empty for whoever has never practised. */
async function practisedLast(): Promise<string> {
  const { items } = await api.get('/api/v1/practice-sessions', { query: { limit: 1 } });
  return items[0]?.subject_id ?? '';
}
