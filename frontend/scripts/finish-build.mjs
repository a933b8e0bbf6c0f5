// What comes after Vite: the scripts in the page become files, every file its compressed forms, and the budgets are checked.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { minifySync } from 'vite';
import { checkBudgets } from './budgets.mjs';
import { routesOf } from './routes.mjs';

const BUILD = 'build';
const COMPRESSED = new Set(['.html', '.js', '.css', '.json', '.svg', '.webmanifest']);

const routes = routesOf();
const scripts = writeScripts();
for (const file of filesOf(BUILD)) compress(file);
// `--strict` is for those who change the pages; whoever only starts the product gets them in any weight.
if (!checkBudgets(BUILD, scripts, routes) && process.argv.includes('--strict')) process.exitCode = 1;

/** Returns the names of the two scripts that every page begins with. */
function writeScripts() {
  const index = join(BUILD, 'index.html');
  const html = readFileSync(index, 'utf8');
  const early = writeScript('early', readFileSync('src/early.js', 'utf8'));
  const inline = onlyMatch(html, /<script>([\s\S]*?)<\/script>/g);
  const start = writeScript('start', `${knownRoutes()}\n${readFileSync('src/start.js', 'utf8')}${inline[1]}`);
  const place = onlyMatch(html, /<!-- early -->/g);
  // Neither is deferred: nothing is drawn in a wrong colour.
  writeFileSync(index, html.replace(inline[0], scriptTag(start)).replace(place[0], scriptTag(early)));
  return [early, start];
}

function writeScript(kind, source) {
  const { code, errors } = minifySync(`${kind}.js`, source);
  if (errors.length) throw new Error(`${kind}: ${errors[0].message}`);
  const name = `/_app/immutable/${kind}.${hash(code)}.js`;
  writeFileSync(join(BUILD, name), code);
  return name;
}

function scriptTag(name) {
  return `<script src="${name}"></script>`;
}

function onlyMatch(html, pattern) {
  const found = [...html.matchAll(pattern)];
  if (found.length !== 1) throw new Error(`Expected ${pattern} once in index.html, found it ${found.length} times.`);
  return found[0];
}

/** Each file is named once, routes by numbers. Only screens for phones: desktops of the staff can wait a moment. */
function knownRoutes() {
  const hurried = routes.filter(({ id }) => !id.includes('(admin)'));
  const names = [...new Set(hurried.flatMap(({ files, messages }) => [...files, ...Object.values(messages).flat()]))];
  const numbers = (files) => files.map((file) => names.indexOf(file));
  const known = hurried.map(({ pattern, files, messages }) => [
    pattern,
    numbers(files),
    Object.fromEntries(Object.entries(messages).map(([language, own]) => [language, numbers(own)])),
  ]);
  const short = names.map((name) => name.replace('/_app/immutable/', ''));
  return `const FILES = ${JSON.stringify(short)};\nconst ROUTES = ${JSON.stringify(known)};`;
}

function compress(file) {
  if (!COMPRESSED.has(extname(file))) return;
  const body = readFileSync(file);
  const brotli = brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  for (const [suffix, small] of [['.br', brotli], ['.gz', gzipSync(body, { level: 9 })]]) {
    if (small.length < body.length) writeFileSync(file + suffix, small);
    else rmSync(file + suffix, { force: true });
  }
}

function hash(text) {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

function* filesOf(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesOf(path);
    else if (!/\.(br|gz)$/.test(name)) yield path;
  }
}

