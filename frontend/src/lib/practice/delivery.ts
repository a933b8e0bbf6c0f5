import { api } from '$lib/api/client';
import { Problem, Unreachable } from '$lib/api/problem';
import { outbox, type Waiting } from './outbox';
import type { StepRead } from './types';

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15_000;

export async function post(step: Waiting): Promise<StepRead> {
  const path = { session_id: step.sessionId };
  // The bodies were typed where they were made; what is kept in the browser has lost its type.
  const body = step.body as never;
  switch (step.kind) {
    case 'answers':
      return api.post('/api/v1/practice-sessions/{session_id}/answers', { path, body });
    case 'hints':
      return api.post('/api/v1/practice-sessions/{session_id}/hints', { path, body });
    case 'reveals':
      return api.post('/api/v1/practice-sessions/{session_id}/reveals', { path, body });
    case 'skips':
      return api.post('/api/v1/practice-sessions/{session_id}/skips', { path, body });
  }
}

/** Whether sending the same again later may succeed. */
export function mayPass(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Problem && (error.status >= 500 || error.status === 429));
}

type Events = {
  /** The connection is lost: the step is kept and sent later. */
  onWaiting: () => void;
  signal: AbortSignal;
};

/**
 * Send one step until the server has answered it. It is kept in the browser meanwhile, so that it is neither lost nor
 * counted twice, whatever happens to the tab.
 *
 * Throws the `Problem` of a step that is refused; aborting leaves it in the outbox.
 */
export async function deliver(step: Waiting, { onWaiting, signal }: Events): Promise<StepRead> {
  // A browser that keeps nothing (private windows, full disks) still sends.
  const kept = outbox.keep(step).catch(() => undefined);
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
    try {
      const reply = await post(step);
      await forget(step, kept);
      return reply;
    } catch (error) {
      if (!mayPass(error)) {
        await forget(step, kept);
        throw error;
      }
    }
    onWaiting();
    await reconnected(wait, signal);
    signal.throwIfAborted();
  }
}

async function forget(step: Waiting, kept: Promise<unknown>): Promise<void> {
  await kept;
  await outbox.forget(step.clientKey).catch(() => undefined);
}

/** Send what an earlier visit left behind; returns how many were confirmed. */
export async function deliverLeftovers(userId: string): Promise<number> {
  const waiting = await outbox.waiting(userId).catch(() => []);
  let sent = 0;
  for (const step of waiting) {
    try {
      await post(step);
      sent += 1;
    } catch (error) {
      if (mayPass(error)) return sent;
    }
    await outbox.forget(step.clientKey);
  }
  return sent;
}

function reconnected(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done);
    signal.addEventListener('abort', done);
  });
}
