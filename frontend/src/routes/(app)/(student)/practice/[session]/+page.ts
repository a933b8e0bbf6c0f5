import { redirect } from '@sveltejs/kit';
import { api } from '$lib/api/client';
import { session } from '$lib/api/session.svelte';
import { loadMessages, practice } from '$lib/i18n/index.svelte';
import { deliverLeftovers } from '$lib/practice/delivery';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent }) => {
  const path = { session_id: params.session };
  const read = () => api.get('/api/v1/practice-sessions/{session_id}', { path });
  const [first] = await Promise.all([read(), loadMessages('practice'), parent()]);
  // What was answered without a connection comes first: it may have moved the session on.
  let sitting = (await deliverLeftovers(session.user.id)) ? await read() : first;
  if (sitting.status === 'paused') sitting = await api.post('/api/v1/practice-sessions/{session_id}/resume', { path });
  if (sitting.status === 'finished') redirect(307, `/practice/${params.session}/summary`);
  return { title: practice().title, sitting };
};
