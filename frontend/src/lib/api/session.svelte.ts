import { api, csrfToken } from './client';
import { Problem } from './problem';
import type { components } from './schema';

type UserRead = components['schemas']['UserRead'];

/** Who is logged in; null = nobody, undefined = not asked yet. */
let current = $state.raw<UserRead | null | undefined>(undefined);

export const session = {
  get user(): UserRead {
    if (!current) throw new Error('Nobody is logged in.');
    return current;
  },
  get maybe(): UserRead | null | undefined {
    return current;
  },
  set(user: UserRead | null): void {
    current = user;
  },
};

/** Throws a 401 without asking the server when this browser has no login at all. */
export async function readMe(): Promise<UserRead> {
  if (!current && csrfToken() === '') throw new Problem(401, 'unauthenticated', '', '', 0, {});
  current ??= await api.get('/api/v1/users/me');
  return current;
}

/** `code` is needed by those who use a second factor; without it they get `second_factor_required`. */
export async function logIn(email: string, password: string, code = ''): Promise<UserRead> {
  const body = { email, password, ...(code.trim() ? { code: code.trim() } : {}) };
  const login = await api.post('/api/v1/auth/login', { body });
  current = login.user;
  return login.user;
}
