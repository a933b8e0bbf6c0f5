import { loadMessages, student } from '$lib/i18n/index.svelte';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent }) => {
  await Promise.all([loadMessages('student', 'auth'), parent()]);
  return { title: student().settings.title };
};
