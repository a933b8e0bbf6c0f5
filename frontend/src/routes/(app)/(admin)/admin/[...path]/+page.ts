import { error } from '@sveltejs/kit';
import { onlyAdmins } from '$lib/admin/guard';
import { findScreen } from '$lib/admin/screens';
import { common } from '$lib/i18n/index.svelte';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent }) => {
  await parent();
  const found = findScreen(params.path);
  if (!found) error(404, common().errors.notFound);
  if (found.screen.isForAdmins) onlyAdmins();
  const [{ default: Screen }, data] = await Promise.all([found.screen.code(), found.screen.read?.(found.id)]);
  return { path: params.path, Screen, data, title: found.screen.title(data) };
};
