/** Something that is read from the server: what there is of it, why there is nothing, and how to try again. */
export type Resource<T> = {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly isLoading: boolean;
  reload(): Promise<void>;
  /** Put in what a reply of a change has told already. */
  set(data: T): void;
};

/** Read now, and again whenever a value that `read` looks at synchronously changes. Older replies are dropped. */
export function resource<T>(read: (signal: AbortSignal) => Promise<T>): Resource<T> {
  let data = $state.raw<T>();
  let error = $state.raw<unknown>();
  let isLoading = $state(true);
  let running: AbortController | undefined;

  async function load(): Promise<void> {
    running?.abort();
    const own = (running = new AbortController());
    isLoading = true;
    try {
      const found = await read(own.signal);
      if (own.signal.aborted) return;
      data = found;
      error = undefined;
    } catch (reason) {
      if (own.signal.aborted) return;
      error = reason;
    }
    isLoading = false;
  }

  $effect(() => {
    void load();
    return () => running?.abort();
  });

  return {
    get data() {
      return data;
    },
    get error() {
      return error;
    },
    get isLoading() {
      return isLoading;
    },
    reload: load,
    set(found) {
      data = found;
    },
  };
}
