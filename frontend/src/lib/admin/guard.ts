import { error } from '@sveltejs/kit';
import { session } from '$lib/api/session.svelte';
import { common } from '$lib/i18n/index.svelte';

/** For screens of administrators: others do not find them. The server decides what they may read and do. */
export function onlyAdmins(): void {
  if (session.user.role !== 'admin') error(404, common().errors.notFound);
}
