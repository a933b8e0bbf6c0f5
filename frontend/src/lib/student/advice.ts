import { fill } from '$lib/i18n/fill';
import { student } from '$lib/i18n/index.svelte';

type Reason = { code: string; text: string; parameters?: Record<string, unknown> };

/** As the server says it in English, where this page does not know the code yet. */
export function pathSentenceOf(reason: Reason): string {
  const messages = student().pathReasons as Record<string, string | undefined>;
  return fill(messages[reason.code], reason.parameters) ?? reason.text;
}

export function recommendationOf(kind: string, parameters: Record<string, unknown>, text: string): string {
  return fill((student().recommendations as Record<string, string | undefined>)[kind], parameters) ?? text;
}
