import { admin } from '$lib/i18n/index.svelte';

const UNSUPPORTED = 'unsupported:';

/** A code of a row in words; one that is not known yet stands for itself. */
export function codeLabel(code: string): string {
  const { codes, unsupported } = admin().imports;
  if (code.startsWith(UNSUPPORTED)) return unsupported(code.slice(UNSUPPORTED.length));
  return codes[code] ?? code;
}
