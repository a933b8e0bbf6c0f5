import { redirect } from '@sveltejs/kit';
import { loadMessages } from '$lib/i18n/index.svelte';

/** Its page reads nothing that would be refused while the password must be changed. */
const PLACE = '/settings';

/** A password that somebody else knows opens nothing but its own change. */
export async function newPasswordAt(url: URL) {
  if (url.pathname !== PLACE) redirect(307, `${PLACE}?next=${encodeURIComponent(url.pathname + url.search)}`);
  const [{ default: NewPassword }] = await Promise.all([import('./NewPassword.svelte'), loadMessages('auth')]);
  return NewPassword;
}
