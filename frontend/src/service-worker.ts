/// <reference types="@sveltejs/kit" />
/// <reference no-default-lib="true"/>
/// <reference lib="esnext" />
/// <reference lib="webworker" />
import { build, files, version } from '$service-worker';

/**
 * Keeps the shell: the page, its scripts and styles, never what the API says. With it the product opens without a
 * network, and at once on a slow one. A new version replaces the shell as a whole.
 */
const worker = globalThis as unknown as ServiceWorkerGlobalScope;
const SHELL = `shell-${version}`;
const PAGE = '/';
const KEPT = '/_app/immutable/';
// Fonts of formulas come when the first formula is drawn, and stay then.
const FIRST = [PAGE, ...build.filter((file) => !/\.(woff2?|ttf)$/.test(file)), ...files];

worker.addEventListener('install', (event) => {
  event.waitUntil(Promise.all([fill(), routeAround(event)]).then(() => worker.skipWaiting()));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(forgetOthers().then(() => worker.clients.claim()));
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== location.origin) return;
  if (request.mode === 'navigate' && !isServers(url.pathname)) event.respondWith(fromShell(PAGE, request));
  else if (url.pathname.startsWith(KEPT)) event.respondWith(fromShell(request, request));
});

async function fill(): Promise<void> {
  const shell = await caches.open(SHELL);
  await shell.addAll(FIRST.map((path) => new Request(path, { cache: 'no-cache' })));
  const page = await (await shell.match(PAGE))?.text();
  // The build writes these after the list of its files.
  await shell.addAll(Array.from(page?.matchAll(/<script src="([^"]+)"/g) ?? [], ([, path]) => path ?? PAGE));
}

/** Where the browser can, it takes scripts and styles out of the shell itself: waking this code up costs more than they do. */
async function routeAround(event: ExtendableEvent): Promise<void> {
  const routes = event as { addRoutes?: (rules: object[]) => Promise<void> };
  const rule = (ending: string) => ({
    condition: { urlPattern: { pathname: `${KEPT}*.${ending}` } },
    source: { cacheName: SHELL },
  });
  await routes.addRoutes?.([rule('js'), rule('css')]);
}

async function forgetOthers(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name)));
}

/** Pages of the server itself: the documentation of the API, downloads, health. */
function isServers(path: string): boolean {
  return /^\/(api|health|metrics|openapi\.json)(\/|$)/.test(path);
}

async function fromShell(kept: RequestInfo, request: Request): Promise<Response> {
  const shell = await caches.open(SHELL);
  const found = await shell.match(kept);
  if (found) return found;
  const reply = await fetch(request);
  if (reply.ok && kept === request) await shell.put(request, reply.clone());
  return reply;
}
