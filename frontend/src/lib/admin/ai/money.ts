import { currentLanguage } from '$lib/i18n/index.svelte';

/** Costs are decimal text in US dollars, small ones among them. */
export function money(amount: string | number): string {
  const value = Number(amount);
  const digits = value !== 0 && Math.abs(value) < 0.1 ? 4 : 2;
  return new Intl.NumberFormat(currentLanguage(), { style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: digits }).format(value);
}
