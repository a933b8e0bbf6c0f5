import { fill } from '$lib/i18n/fill';
import { controls } from '$lib/i18n/index.svelte';

type Reason = { code: string; text: string; parameters?: Record<string, unknown> };

/** The sentence of a stable code in the user's language; of a code this page does not know yet, the server's. */
export function sentenceOf(reason: Reason): string {
  return fill((controls().reasons as Record<string, string | undefined>)[reason.code], reason.parameters) ?? reason.text;
}
