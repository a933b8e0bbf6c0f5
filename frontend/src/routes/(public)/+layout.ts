import { loadMessages } from '$lib/i18n/index.svelte';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({ parent }) => {
  await Promise.all([loadMessages('auth'), parent()]);
};
