import { redirect } from '@sveltejs/kit';
import { Problem } from '$lib/api/problem';
import { readMe } from '$lib/api/session.svelte';
import { languageFor, setLanguage } from '$lib/i18n/index.svelte';
import { applyAppearance } from '$lib/shell/appearance';
import { entriesFor } from '$lib/shell/entries';
import type { LayoutLoad } from './$types';

export const load: LayoutLoad = async ({ url, parent }) => {
  const [user] = await Promise.all([meOrLogin(url), parent()]);
  await setLanguage(languageFor(user.locale));
  applyAppearance(user.preferences.theme, user.preferences.text_scale);
  // A password that somebody else knows opens nothing but its own change.
  if (user.must_change_password && url.pathname !== '/settings') redirect(307, '/settings');
  return { entries: await entriesFor(user.role) };
};

async function meOrLogin(url: URL) {
  try {
    return await readMe();
  } catch (error) {
    if (!(error instanceof Problem) || error.status !== 401) throw error;
    const from = url.pathname + url.search;
    redirect(307, from === '/' ? '/login' : `/login?next=${encodeURIComponent(from)}`);
  }
}
