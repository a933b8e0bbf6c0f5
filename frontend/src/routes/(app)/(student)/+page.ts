import { redirect } from '@sveltejs/kit';
import { session } from '$lib/api/session.svelte';
import { loadMessages, student } from '$lib/i18n/index.svelte';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent }) => {
  await Promise.all([loadMessages('student'), parent()]);
  if (session.user.role !== 'student') redirect(307, '/admin');
  return { title: student().home.title };
};
