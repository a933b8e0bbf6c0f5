import type { paths } from './schema';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

/** Paths of the API that have this method. */
export type PathOf<M extends Method> = {
  [P in keyof paths]: paths[P] extends Record<M, object> ? P : never;
}[keyof paths];

export type Operation<M extends Method, P extends PathOf<M>> = paths[P] extends Record<M, infer O> ? O : never;

type Parameters<O, K extends string> = O extends { parameters: infer A }
  ? K extends keyof A
    ? Exclude<A[K], undefined>
    : never
  : never;

type RequiredKeys<T> = { [K in keyof T]-?: object extends Pick<T, K> ? never : K }[keyof T];

type Part<Name extends string, T> = [T] extends [never]
  ? object
  : [RequiredKeys<T>] extends [never]
    ? { [K in Name]?: T }
    : { [K in Name]: T };

type JsonOf<T> = T extends { content: { 'application/json': infer B } } ? B : never;

type Body<O> = O extends { requestBody: infer R }
  ? [JsonOf<R>] extends [never]
    ? { body: FormData }
    : { body: JsonOf<R> }
  : O extends { requestBody?: infer R }
    ? [JsonOf<Exclude<R, undefined>>] extends [never]
      ? object
      : { body?: JsonOf<Exclude<R, undefined>> }
    : object;

export type Extra = {
  signal?: AbortSignal;
  /** Sent as `Idempotency-Key`: the same key makes a repeated POST harmless. */
  idempotencyKey?: string;
  headers?: Record<string, string>;
};

export type Options<O> = Part<'path', Parameters<O, 'path'>> & Part<'query', Parameters<O, 'query'>> & Body<O> & Extra;

type Success = 200 | 201 | 202 | 204;

/** The body of a success; undefined for a reply without one. */
export type Reply<O> = O extends { responses: infer R }
  ? { [S in keyof R & Success]: R[S] extends { content: { 'application/json': infer B } } ? B : undefined }[keyof R &
      Success]
  : never;
