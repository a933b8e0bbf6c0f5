// Which files each route needs, read from what SvelteKit and Vite wrote.
import { existsSync, readFileSync, readdirSync } from 'node:fs';

const CLIENT = '.svelte-kit/generated/client-optimized';
const MANIFEST = '.svelte-kit/output/client/.vite/manifest.json';
const MATHS = 'src/lib/maths/render.ts';
const MESSAGES = 'src/lib/i18n/messages';
const MENU = 'src/lib/shell/navigation.ts';
const WITHOUT_MENU = '/(app)/(student)/practice/[session]';
const SCREENS = 'src/lib/admin/screens/';

/**
 * @typedef {{ id: string, pattern: string, files: string[], messages: Record<string, string[]> }} Route
 * @returns {Route[]} `files` are scripts and styles that load at once, `messages` those of one language.
 */
export function routesOf() {
  const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8'));
  const entries = ['node_modules/@sveltejs/kit/src/runtime/client/entry.js', `${CLIENT}/app.js`];
  return dictionary().flatMap(({ id, nodes }) => {
    const sources = [...entries, ...[0, ...nodes].map((node) => `${CLIENT}/nodes/${node}.js`)];
    if (id.startsWith('/(app)') && id !== WITHOUT_MENU) sources.push(MENU);
    const route = { id, pattern: patternOf(id), messages: messagesOf(manifest, id) };
    // The route of the staff loads one of their screens.
    const screens = id.endsWith('[...path]') ? Object.keys(manifest).filter((name) => name.startsWith(SCREENS)) : [''];
    return screens.map((screen) => ({
      ...route,
      id: screen ? `(admin) ${screen.slice(SCREENS.length).split('.')[0]}` : id,
      files: closure(manifest, screen ? [...sources, screen] : sources),
    }));
  });
}

/** The chunk that draws formulas, fetched only where there is one. */
export function mathsFiles() {
  const manifest = JSON.parse(readFileSync(MANIFEST, 'utf8'));
  return MATHS in manifest ? closure(manifest, [MATHS]) : [];
}

function dictionary() {
  const app = readFileSync(`${CLIENT}/app.js`, 'utf8');
  const [, body] = /export const dictionary = \{([\s\S]*?)\};/.exec(app);
  return [...body.matchAll(/"([^"]+)": \[(\d+)(?:,\[([\d,]*)\])?/g)].map(([, id, page, layouts = '']) => ({
    id,
    nodes: [...layouts.split(',').filter(Boolean), page],
  }));
}

function patternOf(id) {
  const path = id.replace(/\/\([^)]+\)/g, '').replace(/\[[^\]]+\]/g, '[^/]+');
  return `^${path || '/'}$`;
}

function closure(manifest, sources) {
  const files = new Set();
  const visit = (name) => {
    const chunk = manifest[name];
    if (!chunk) throw new Error(`Vite wrote nothing for ${name}.`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const style of chunk.css ?? []) files.add(style);
    for (const imported of chunk.imports ?? []) visit(imported);
  };
  sources.forEach(visit);
  return [...files].map((file) => `/${file}`);
}

function messagesOf(manifest, id) {
  const areas = new Set(['common', ...areasOf(id)]);
  const languages = readdirSync(MESSAGES).filter((name) => name.startsWith('common.')).map((name) => name.split('.')[1]);
  return Object.fromEntries(
    languages.map((language) => [
      language,
      closure(manifest, [...areas].map((area) => `${MESSAGES}/${area}.${language}.ts`)),
    ]),
  );
}

/** What the page and the layouts above it ask `loadMessages` for. */
function* areasOf(id) {
  let folder = 'src/routes';
  for (const part of ['', ...id.split('/').filter(Boolean)]) {
    folder = part ? `${folder}/${part}` : folder;
    for (const file of ['+layout.ts', '+page.ts']) {
      if (file === '+page.ts' && folder !== `src/routes${id}`) continue;
      const code = existsSync(`${folder}/${file}`) ? readFileSync(`${folder}/${file}`, 'utf8') : '';
      for (const [, named] of code.matchAll(/loadMessages\(([^)]*)\)/g)) yield* named.match(/\w+/g) ?? [];
    }
  }
}
