import { goto } from '$app/navigation';
import { api } from '$lib/api/client';
import { randomKey } from '$lib/api/ids';
import type { components } from '$lib/api/schema';
import { subjects } from './subjects.svelte';

type SessionCreate = components['schemas']['SessionCreate'];
export type Wish = Partial<SessionCreate> & Pick<SessionCreate, 'subject_id'>;

const USUAL = { mode: 'adaptive', behaviour: 'immediate' } as const;

export const USUAL_LENGTH = 10;

/** Start a practice session and go there; its subject is what the other screens are about from now on. Throws the `Problem` when nothing fits the wish. */
export async function startPractice(wish: Wish): Promise<void> {
  const body = { ...USUAL, skill_ids: [], question_ids: [], ...wish };
  const started = await api.post('/api/v1/practice-sessions', { body, idempotencyKey: randomKey() });
  subjects.choose(wish.subject_id);
  await goto(`/practice/${started.id}`);
}
