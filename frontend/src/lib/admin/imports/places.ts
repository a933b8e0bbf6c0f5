import { admin } from '$lib/i18n/index.svelte';

const ORDER = ['member', 'page', 'row', 'line'];

/** Where in the file something stands: "page 3", "row 17, line 18". */
export function placeOf(location: Record<string, unknown>): string {
  const words = admin().imports.place;
  const known = ORDER.filter((name) => location[name] !== undefined && location[name] !== null);
  return known.map((name) => `${words[name]} ${location[name]}`).join(', ');
}
