import { currentLanguage } from '$lib/i18n/index.svelte';

/** An ability on the scale of the difficulties, with its sign: +0.4, −1.2. */
export function logits(value: number): string {
  const format = { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' } as const;
  return new Intl.NumberFormat(currentLanguage(), format).format(value);
}
