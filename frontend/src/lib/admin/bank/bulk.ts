import { api } from '$lib/api/client';
import type { components } from '$lib/api/schema';

type Schemas = components['schemas'];
export type BulkItem = Schemas['BulkItem'];
export type BulkWish = { action: Schemas['BulkAction']; tag?: string; skill_id?: string };
export type Summary = Record<Schemas['BulkOutcome'], number>;

const MOST = 500;

/** Do one thing to many questions, as many in a request as the server takes. */
export async function changeMany(ids: readonly string[], wish: BulkWish, onProgress: (done: number) => void): Promise<BulkItem[]> {
  const items: BulkItem[] = [];
  for (let start = 0; start < ids.length; start += MOST) {
    const reply = await api.post('/api/v1/questions/bulk', { body: { ...wish, ids: ids.slice(start, start + MOST) } });
    items.push(...reply.items);
    onProgress(items.length);
  }
  return items;
}

export function summaryOf(items: readonly BulkItem[]): Summary {
  const summary: Summary = { done: 0, unchanged: 0, refused: 0, not_found: 0 };
  for (const item of items) summary[item.outcome] += 1;
  return summary;
}
