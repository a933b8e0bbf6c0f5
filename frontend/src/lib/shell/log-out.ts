import { api } from '$lib/api/client';
import { session } from '$lib/api/session.svelte';
import { Drafts } from '$lib/practice/drafts';

/** Whoever logs out leaves nothing half-written behind: others may use this device. */
export async function logOut({ everywhere = false } = {}): Promise<void> {
  try {
    await (everywhere ? api.post('/api/v1/auth/logout-everywhere') : api.post('/api/v1/auth/logout'));
  } finally {
    session.set(null);
    new Drafts(localStorage).forgetAll();
  }
}
