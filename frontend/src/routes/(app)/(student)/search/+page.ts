import { loadMessages, student } from '$lib/i18n/index.svelte';
import { readSubjects } from '$lib/student/subjects.svelte';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent }) => {
  await Promise.all([loadMessages('student'), readSubjects(), parent()]);
  return { title: student().search.title };
};
