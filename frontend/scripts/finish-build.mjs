// What comes after Vite: the inline script becomes a file, every file its compressed forms, and the budgets are checked.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { checkBudgets } from './budgets.mjs';
import { routesOf } from './routes.mjs';

const BUILD = 'build';
const COMPRESSED = new Set(['.html', '.js', '.css', '.json', '.svg', '.webmanifest']);

const routes = routesOf();
moveInlineScript();
for (const file of filesOf(BUILD)) compress(file);
process.exitCode = checkBudgets(BUILD, routes) ? 0 : 1;

function moveInlineScript() {
  const index = join(BUILD, 'index.html');
  const html = readFileSync(index, 'utf8');
  const inline = /<script>([\s\S]*?)<\/script>/g;
  const scripts = [...html.matchAll(inline)];
  if (scripts.length !== 1) throw new Error(`Expected one inline script in index.html, found ${scripts.length}.`);
  const known = JSON.stringify(routes.map(({ pattern, files, messages }) => [pattern, files, messages]));
  const code = `const ROUTES = ${known};\n${readFileSync('src/start.js', 'utf8')}${scripts[0][1]}`;
  const name = `/_app/immutable/start.${hash(code)}.js`;
  writeFileSync(join(BUILD, name), code);
  // In the head, so that the browser finds it at once; deferred by nothing, so that nothing is drawn in a wrong colour.
  writeFileSync(index, html.replace(inline, `<script src="${name}"></script>`));
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

