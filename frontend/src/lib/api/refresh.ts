import { csrfToken } from './client';
import { Unreachable } from './problem';

let running: Promise<boolean> | undefined;

/** Renew the login by its refresh cookie. One request at a time: of this page by the promise, of all tabs by a lock. */
export function refreshLogin(): Promise<boolean> {
  running ??= alone(renew).finally(() => {
    running = undefined;
  });
  return running;
}

async function alone(work: () => Promise<boolean>): Promise<boolean> {
  return navigator.locks ? await navigator.locks.request('studium-refresh', work) : work();
}

async function renew(): Promise<boolean> {
  if (csrfToken() === '') return false;
  try {
    const reply = await fetch('/api/v1/auth/refresh', { method: 'POST', headers: { 'x-csrf-token': csrfToken() } });
    if (reply.status >= 500) throw new Unreachable();
    return reply.ok;
  } catch {
    throw new Unreachable();
  }
}
