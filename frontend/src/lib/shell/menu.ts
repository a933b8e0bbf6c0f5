import type { Role } from './entries';
import type { MenuOf } from './Shell.svelte';

/** A chunk of its own: whoever comes to a question first has no need of it. */
export async function menuFor(role: Role): Promise<MenuOf> {
  const { Navigation, entriesFor } = await import('./navigation');
  return { Navigation, entries: await entriesFor(role) };
}
