import { currentLanguage } from '$lib/i18n/index.svelte';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
const STEP = 1024;

/** 1.5 MB or 400 bytes, in the words of the present language. */
export function bytes(size: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log(Math.max(1, size)) / Math.log(STEP))));
  const options = {
    style: 'unit',
    unit: UNITS[power]!,
    // The short form of a byte has no plural.
    unitDisplay: power ? 'short' : 'long',
    maximumFractionDigits: 1,
  } as const;
  return new Intl.NumberFormat(currentLanguage(), options).format(size / STEP ** power);
}
