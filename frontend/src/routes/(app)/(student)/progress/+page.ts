import { loadMessages, student } from '$lib/i18n/index.svelte';
import { readSubjects } from '$lib/student/subjects.svelte';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent }) => {
  await Promise.all([loadMessages('student', 'mastery'), readSubjects(), parent()]);
  return { title: student().progress.title };
};
