/** A keyset list as far as it was read: it grows by `more` and begins anew when what `read` looks at changes. */
export type Pages<T> = {
  readonly items: T[];
  readonly error: unknown;
  readonly isLoading: boolean;
  /** Nothing was read yet. */
  readonly isNew: boolean;
  readonly hasMore: boolean;
  more(): Promise<void>;
  reload(): Promise<void>;
  /** Put changed items in the place of those that are shown. */
  replace(change: (item: T) => T | null): void;
};

type Page<T> = { items: T[]; next_cursor: string | null };

export function pages<T>(read: (cursor: string | null, signal: AbortSignal) => Promise<Page<T>>): Pages<T> {
  let items = $state.raw<T[]>([]);
  let error = $state.raw<unknown>();
  let isLoading = $state(true);
  let isNew = $state(true);
  let cursor = $state<string | null>(null);
  let running: AbortController | undefined;

  async function load(from: string | null): Promise<void> {
    running?.abort();
    const own = (running = new AbortController());
    isLoading = true;
    try {
      const page = await read(from, own.signal);
      if (own.signal.aborted) return;
      items = from === null ? page.items : [...items, ...page.items];
      cursor = page.next_cursor;
      error = undefined;
      isNew = false;
    } catch (reason) {
      if (own.signal.aborted) return;
      error = reason;
    }
    isLoading = false;
  }

  $effect(() => {
    void load(null);
    return () => running?.abort();
  });

  return {
    get items() {
      return items;
    },
    get error() {
      return error;
    },
    get isLoading() {
      return isLoading;
    },
    get isNew() {
      return isNew;
    },
    get hasMore() {
      return cursor !== null;
    },
    async more() {
      if (cursor !== null && !isLoading) await load(cursor);
    },
    reload: () => load(null),
    replace(change) {
      items = items.map(change).filter((item) => item !== null);
    },
  };
}

/** Every page of a list that is known to be short, such as the skills of a subject. */
export async function readAll<T>(read: (cursor: string | null) => Promise<Page<T>>, most = 50): Promise<T[]> {
  const found: T[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < most; page += 1) {
    const next: Page<T> = await read(cursor);
    found.push(...next.items);
    cursor = next.next_cursor;
    if (cursor === null) break;
  }
  return found;
}
