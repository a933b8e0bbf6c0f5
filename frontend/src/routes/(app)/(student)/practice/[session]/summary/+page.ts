import { redirect } from '@sveltejs/kit';
import { api } from '$lib/api/client';
import { loadMessages, student } from '$lib/i18n/index.svelte';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent }) => {
  const path = { session_id: params.session };
  const read = () => api.get('/api/v1/practice-sessions/{session_id}/summary', { path });
  const [summary] = await Promise.all([read(), loadMessages('student', 'practice'), parent()]);
  if (summary.session.status !== 'finished') redirect(307, `/practice/${params.session}`);
  return { title: student().summary.title, summary };
};
