import type { components } from '$lib/api/schema';

/** The address of the form for a corrected file, with the wishes of the earlier upload. */
export function againOf(found: components['schemas']['ImportRead']): string {
  const { format, skill, namespace, publish, all_or_nothing: all } = found.options;
  const wishes = new URLSearchParams({ subject: found.subject_id });
  if (format && format !== 'auto') wishes.set('format', format);
  if (skill) wishes.set('skill', skill);
  if (namespace) wishes.set('namespace', namespace);
  if (publish) wishes.set('publish', 'true');
  if (all) wishes.set('all', 'true');
  return `/admin/imports/new?${wishes}`;
}
