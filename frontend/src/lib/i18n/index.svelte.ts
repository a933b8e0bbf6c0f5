import type adminMessages from './messages/admin.en';
import type authMessages from './messages/auth.en';
import type commonMessages from './messages/common.en';
import type controlsMessages from './messages/controls.en';
import type masteryMessages from './messages/mastery.en';
import type practiceMessages from './messages/practice.en';
import type securityMessages from './messages/security.en';
import type studentMessages from './messages/student.en';
import type testsMessages from './messages/tests.en';

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

type Areas = {
  common: typeof commonMessages;
  auth: typeof authMessages;
  student: typeof studentMessages;
  practice: typeof practiceMessages;
  controls: typeof controlsMessages;
  mastery: typeof masteryMessages;
  security: typeof securityMessages;
  tests: typeof testsMessages;
  admin: typeof adminMessages;
};
type Area = keyof Areas;

const catalogues = import.meta.glob<{ default: unknown }>('./messages/*.??.ts');
const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur']);

let language = $state<Language>('en');
let loaded = $state.raw<Partial<Areas>>({});

export function currentLanguage(): Language {
  return language;
}

/** The best of our languages for a wish such as `de-AT`. */
export function languageFor(...wishes: (string | null | undefined)[]): Language {
  const known = Object.keys(LANGUAGES) as Language[];
  return wishes.map((wish) => known.find((name) => wish?.toLowerCase().split('-')[0] === name)).find(Boolean) ?? 'en';
}

/** Have the messages of these areas: every page asks for the ones it speaks with. */
export async function loadMessages(...areas: Area[]): Promise<void> {
  const missing = areas.filter((area) => !(area in loaded));
  const spoken = language;
  const found = await Promise.all(missing.map(async (area) => [area, await read(area, spoken)] as const));
  // The language may have been changed meanwhile, by what the server says about the user.
  if (spoken !== language) return loadMessages(...areas);
  if (found.length) loaded = { ...loaded, ...Object.fromEntries(found) };
}

export async function setLanguage(wanted: Language): Promise<void> {
  if (wanted === language && 'common' in loaded) return;
  // From here on areas are read in the new language, so only those that are there already are read again.
  language = wanted;
  const areas = new Set<Area>(['common', ...(Object.keys(loaded) as Area[])]);
  const found = await Promise.all([...areas].map(async (area) => [area, await read(area, wanted)] as const));
  if (wanted !== language) return;
  loaded = { ...loaded, ...Object.fromEntries(found) };
  document.documentElement.lang = wanted;
  document.documentElement.dir = RIGHT_TO_LEFT.has(wanted) ? 'rtl' : 'ltr';
  localStorage.setItem('studium.language', wanted);
}

async function read(area: Area, wanted: Language): Promise<unknown> {
  const load = catalogues[`./messages/${area}.${wanted}.ts`];
  if (!load) throw new Error(`There are no messages for ${area} in ${wanted}.`);
  return (await load()).default;
}

function of<A extends Area>(area: A): Areas[A] {
  const messages = loaded[area];
  if (!messages) throw new Error(`The messages of "${area}" are not loaded.`);
  return messages as Areas[A];
}

/** Messages in the present language; templates that read them change with it. */
export const common = () => of('common');
export const auth = () => of('auth');
export const student = () => of('student');
export const mastery = () => of('mastery');
export const practice = () => of('practice');
export const controls = () => of('controls');
export const security = () => of('security');
export const tests = () => of('tests');
export const admin = () => of('admin');
