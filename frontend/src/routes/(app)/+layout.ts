import { redirect } from '@sveltejs/kit';
import { Problem } from '$lib/api/problem';
import { readMe } from '$lib/api/session.svelte';
import { languageFor, setLanguage } from '$lib/i18n/index.svelte';
import { applyAppearance } from '$lib/shell/appearance';
import { menuFor } from '$lib/shell/menu';
import { newPasswordAt } from '$lib/shell/new-password';
import type { LayoutLoad } from './$types';

/** Nothing leads away from a question but its own menu. */
const FOCUSED = '/(app)/(student)/practice/[session]';

export const load: LayoutLoad = async ({ url, route, parent }) => {
  const [user] = await Promise.all([meOrLogin(url), parent()]);
  await setLanguage(languageFor(user.locale));
  applyAppearance(user.preferences.theme, user.preferences.text_scale);
  if (user.must_change_password) return { menu: null, NewPassword: await newPasswordAt(url) };
  return { menu: route.id === FOCUSED ? null : await menuFor(user.role), NewPassword: null };
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
