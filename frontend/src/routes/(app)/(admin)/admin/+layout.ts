import { error } from '@sveltejs/kit';
import { session } from '$lib/api/session.svelte';
import { common, loadMessages } from '$lib/i18n/index.svelte';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({ parent }) => {
  await Promise.all([loadMessages('admin', 'practice'), parent()]);
  if (session.user.role === 'student') error(404, common().errors.notFound);
};
