import { api } from '$lib/api/client';
import { randomKey } from '$lib/api/ids';
import type { components } from '$lib/api/schema';
import { makePassword } from './passwords';

type Schemas = components['schemas'];
export type PeopleTable = Schemas['UserTableRead'];
export type PeopleRow = PeopleTable['rows'][number];
export type Made = Wish & { password: string; outcome: Schemas['UserBatchOutcome']; message: string };
type Wish = { email: string; name: string; role: string; locale: string };

// Each hash takes the server some 30 ms: a batch is a second, so that progress is seen and stopping works.
const SIZE = 25;

/** Make the first accounts of the list; the reply says what became of each of them. */
export async function batchOf(wanted: readonly Wish[]): Promise<Made[]> {
  const chosen = wanted.slice(0, SIZE).map(({ email, name, role, locale }) => ({ email, name, role, locale, password: makePassword() }));
  const users = chosen as Schemas['UserCreate'][];
  const { items } = await api.post('/api/v1/users/batch', { body: { users }, idempotencyKey: randomKey() });
  return chosen.map((one, index) => ({ ...one, outcome: items[index]!.outcome, message: items[index]!.message }));
}
