import type { StepKind } from './types';

/** A step that the server has not confirmed yet. Its `client_key` makes sending it again harmless. */
export type Waiting = {
  clientKey: string;
  userId: string;
  sessionId: string;
  kind: StepKind;
  body: Record<string, unknown>;
  at: number;
};

const DATABASE = 'studium';
const STORE = 'outbox';

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'clientKey' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(STORE, mode, { durability: 'relaxed' });
    const request = work(transaction.objectStore(STORE));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });
}

/** Steps kept in the browser until they are confirmed: a closed tab or a flat battery loses none of them. */
export const outbox = {
  keep: (step: Waiting) => run('readwrite', (store) => store.put(step)),
  forget: (clientKey: string) => run('readwrite', (store) => store.delete(clientKey)),
  /** Of this user only: a shared computer may hold those of somebody else. */
  async waiting(userId: string): Promise<Waiting[]> {
    const all = await run<Waiting[]>('readonly', (store) => store.getAll());
    return all.filter((step) => step.userId === userId).sort((one, other) => one.at - other.at);
  },
};
