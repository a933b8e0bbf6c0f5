// What a browser has to fetch for each route, compressed by gzip, held against what was promised.
import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { mathsFiles } from './routes.mjs';

const KB = 1024;
const BUDGETS = { '(admin)': 200 * KB, other: 60 * KB, withMaths: 140 * KB, css: 30 * KB };

/** Prints a line a route; returns whether every one keeps its budget. */
export function checkBudgets(build, scripts, routes) {
  const size = sizes(build);
  const maths = mathsFiles().filter((file) => file.endsWith('.js'));
  console.log('\nroute (gzip)                                     JS      with maths   CSS');
  return routes.map((route) => checkRoute({ ...route, files: [...scripts, ...route.files] }, size, maths)).every(Boolean);
}

function checkRoute(route, size, maths) {
  const languages = Object.values(route.messages).map((files) => [...new Set([...route.files, ...files])]);
  const js = Math.max(...languages.map((files) => size(files.filter((file) => file.endsWith('.js')))));
  const css = size(route.files.filter((file) => file.endsWith('.css')));
  const isAdmin = route.id.includes('(admin)');
  const withMaths = js + size(maths.filter((file) => !route.files.includes(file)));
  const kept =
    js <= (isAdmin ? BUDGETS['(admin)'] : BUDGETS.other) &&
    css <= BUDGETS.css &&
    (isAdmin || withMaths <= BUDGETS.withMaths);
  console.log(`${route.id.padEnd(46)} ${kb(js)}  ${kb(withMaths)}   ${kb(css)}  ${kept ? '' : 'OVER BUDGET'}`);
  return kept;
}

function sizes(build) {
  const known = new Map();
  const one = (file) => {
    const path = `${build}${file}`;
    if (!known.has(path)) known.set(path, existsSync(path) ? gzipSync(readFileSync(path), { level: 9 }).length : 0);
    return known.get(path);
  };
  return (files) => files.reduce((sum, file) => sum + one(file), 0);
}

function kb(bytes) {
  return `${(bytes / KB).toFixed(1)} KB`.padStart(9);
}
