import { Problem, Unreachable, problemOf } from './problem';
import { refreshLogin } from './refresh';
import type { Extra, Method, Operation, Options, PathOf, Reply } from './types';

const CSRF_COOKIE = 'studium_csrf';
const RETRIES = 2;
const LONGEST_WAIT_S = 5;

/** Asked when the login has ended; answers whether the user has logged in again. */
let askForLogin: () => Promise<boolean> = async () => false;

export function onSignedOut(ask: () => Promise<boolean>): void {
  askForLogin = ask;
}

type Anything = { path?: object; query?: object; body?: unknown } & Extra;
type Call<M extends Method> = <P extends PathOf<M>>(
  path: P,
  ...options: object extends Options<Operation<M, P>> ? [Options<Operation<M, P>>?] : [Options<Operation<M, P>>]
) => Promise<Reply<Operation<M, P>>>;

function method<M extends Method>(name: M): Call<M> {
  return (async (path: string, options: Anything = {}) => {
    const reply = await send(name, urlOf(path, options.path, options.query), options);
    if (reply.status === 204 || reply.headers.get('content-length') === '0') return undefined;
    return reply.json();
  }) as unknown as Call<M>;
}

/**
 * The API, typed by its OpenAPI document.
 *
 * Throws `Problem` for a refusal and `Unreachable` without a connection. A login that has ended is renewed, if need be
 * by asking the user, and the request sent again.
 */
export const api = {
  get: method('get'),
  post: method('post'),
  put: method('put'),
  patch: method('patch'),
  delete: method('delete'),
};

export function urlOf(path: string, inPath: object = {}, query: object = {}): string {
  const values = inPath as Record<string, unknown>;
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== undefined && one !== null && one !== '') search.append(name, String(one));
    }
  }
  return search.size ? `${filled}?${search}` : filled;
}

export async function send(name: Method, url: string, options: Anything = {}): Promise<Response> {
  let renewed = false;
  for (let tries = 0; ; tries += 1) {
    const reply = await attempt(name, url, options);
    if (reply.ok) return reply;
    const problem = await problemOf(reply);
    if (problem.code === 'unauthenticated' && !renewed) {
      renewed = true;
      if ((await refreshLogin()) || (await askForLogin())) continue;
    }
    // 503 says that nothing was changed.
    if (problem.status !== 503 || tries >= RETRIES || name !== 'get') throw problem;
    await pause(Math.min(problem.retryAfterS, LONGEST_WAIT_S) * 1000);
  }
}

async function attempt(name: Method, url: string, options: Anything): Promise<Response> {
  const early = name === 'get' ? takeEarly(url) : undefined;
  try {
    return await (early ?? fetch(url, requestOf(name, options)));
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw new Unreachable();
  }
}

/** What the start script has asked for already; each reply is used once. */
function takeEarly(url: string): Promise<Response> | undefined {
  const early = globalThis.window?.__early?.get(url);
  globalThis.window?.__early?.delete(url);
  return early;
}

function requestOf(name: Method, options: Anything): RequestInit {
  const headers: Record<string, string> = { accept: 'application/json', ...options.headers };
  if (name !== 'get') headers['x-csrf-token'] = csrfToken();
  if (options.idempotencyKey) headers['idempotency-key'] = options.idempotencyKey;
  const isForm = options.body instanceof FormData;
  if (options.body !== undefined && !isForm) headers['content-type'] = 'application/json';
  const body = options.body === undefined || isForm ? options.body : JSON.stringify(options.body);
  return {
    method: name.toUpperCase(),
    headers,
    ...(body === undefined ? {} : { body: body as BodyInit }),
    ...(options.signal ? { signal: options.signal } : {}),
  };
}

export function csrfToken(): string {
  const found = document.cookie.split('; ').find((cookie) => cookie.startsWith(`${CSRF_COOKIE}=`));
  return found ? decodeURIComponent(found.slice(CSRF_COOKIE.length + 1)) : '';
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export { Problem, Unreachable };
