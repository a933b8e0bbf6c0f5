import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { api, onSignedOut, Problem, Unreachable, urlOf } from './client';

const replies: (() => Response)[] = [];
const asked: { url: string; init: RequestInit }[] = [];

function problem(status: number, code: string): () => Response {
  return () => Response.json({ code, detail: 'no', request_id: 'r1' }, { status, headers: { 'retry-after': '0' } });
}

beforeEach(() => {
  vi.stubGlobal('document', { cookie: 'a=b; studium_csrf=token%2B1' });
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    asked.push({ url, init });
    const reply = replies.shift();
    if (!reply) throw new TypeError('network');
    return reply();
  });
  onSignedOut(async () => false);
});

afterEach(() => {
  replies.length = 0;
  asked.length = 0;
  vi.unstubAllGlobals();
});

const me = '/api/v1/users/me';
const ok = () => Response.json({ name: 'Ada' });

describe('the client', () => {
  it('fills paths and leaves empty parameters out', () => {
    expect(urlOf('/a/{id}', { id: 'x/y' }, { q: 'ü', none: undefined, list: ['1', '2'] })).toBe(
      '/a/x%2Fy?q=%C3%BC&list=1&list=2',
    );
  });

  it('sends the token that proves our own page with every change', async () => {
    replies.push(() => new Response(null, { status: 204 }));
    await api.post('/api/v1/auth/logout');
    expect((asked[0]?.init.headers as Record<string, string>)['x-csrf-token']).toBe('token+1');
  });

  it('renews a login that has ended and asks again', async () => {
    replies.push(problem(401, 'unauthenticated'), ok, ok);
    expect(await api.get(me)).toEqual({ name: 'Ada' });
    expect(asked.map(({ url }) => url)).toEqual([me, '/api/v1/auth/refresh', me]);
  });

  it('renews once for requests that fail together', async () => {
    replies.push(problem(401, 'unauthenticated'), problem(401, 'unauthenticated'), ok, ok, ok);
    await Promise.all([api.get(me), api.get(me)]);
    expect(asked.filter(({ url }) => url.endsWith('/refresh'))).toHaveLength(1);
  });

  it('asks the user when the login cannot be renewed, and then sends the same again', async () => {
    const ask = vi.fn(async () => true);
    onSignedOut(ask);
    replies.push(problem(401, 'unauthenticated'), problem(401, 'unauthenticated'), ok);
    expect(await api.get(me)).toEqual({ name: 'Ada' });
    expect(ask).toHaveBeenCalledOnce();
  });

  it('does not take a wrong password for a login that has ended', async () => {
    replies.push(problem(401, 'invalid_credentials'));
    await expect(api.post('/api/v1/auth/login', { body: { email: 'a@b.c', password: 'x' } })).rejects.toThrow(Problem);
    expect(asked).toHaveLength(1);
  });

  it('reads again when the server restarts, but never writes again by itself', async () => {
    replies.push(problem(503, 'unavailable'), ok);
    expect(await api.get(me)).toEqual({ name: 'Ada' });
    replies.push(problem(503, 'unavailable'), ok);
    await expect(api.post('/api/v1/auth/logout')).rejects.toMatchObject({ status: 503, requestId: 'r1' });
  });

  it('tells a lost connection from a refusal', async () => {
    await expect(api.get(me)).rejects.toThrow(Unreachable);
  });
});
