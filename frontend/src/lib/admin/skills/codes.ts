const LONGEST = 64;

/** What a subject and a skill have alike. */
export type Details = { name: string; code: string; description: string };

/** A code that fits a title: "Brüche & Dezimalzahlen" gives "bruche-dezimalzahlen"; empty for titles without Latin letters. */
export function codeOf(title: string): string {
  return title
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, LONGEST);
}
