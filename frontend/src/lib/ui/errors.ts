import { Problem, Unreachable } from '$lib/api/problem';
import { common } from '$lib/i18n/index.svelte';

/** What to tell a person about a failure. */
export function messageOf(error: unknown): string {
  const { errors } = common();
  if (error instanceof Unreachable) return errors.unreachable;
  if (!(error instanceof Problem)) return errors.unexpected;
  const known = (errors.byCode as Record<string, string | undefined>)[error.code];
  if (error.code === 'rate_limited') return errors.rateLimited(error.retryAfterS);
  return known ?? (error.message || errors.unexpected);
}

export function requestIdOf(error: unknown): string {
  return error instanceof Problem ? error.requestId : '';
}
