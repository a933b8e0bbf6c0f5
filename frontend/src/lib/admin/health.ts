import { send } from '$lib/api/client';
import { Problem } from '$lib/api/problem';

/** One server the product leans on; `effect` says what its absence costs. */
export type Part = { name: string; state: string; ms?: number; effect?: string };

/** The state of every server. A 503 of this route is an answer too: the database is down, the rest may be up. */
export async function readHealth(signal: AbortSignal): Promise<Part[]> {
  try {
    return partsOf((await (await send('get', '/health/ready', { signal })).json()) as Record<string, unknown>);
  } catch (error) {
    if (error instanceof Problem && error.status === 503 && 'database' in error.extra) return partsOf(error.extra);
    throw error;
  }
}

export function partsOf(reply: Record<string, unknown>): Part[] {
  return Object.entries(reply)
    .filter((entry): entry is [string, Omit<Part, 'name'>] => isPart(entry[1]))
    .map(([name, part]) => ({ name, ...part }));
}

function isPart(value: unknown): value is Omit<Part, 'name'> {
  return typeof value === 'object' && value !== null && 'state' in value && typeof value.state === 'string';
}
