/** A refusal of the server: RFC 9457 with a stable code. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    detail: string,
    readonly requestId: string,
    readonly retryAfterS: number,
    /** Further members of the document, such as `errors`, `problems` or `revision`. */
    readonly extra: Record<string, unknown>,
  ) {
    super(detail);
    this.name = 'Problem';
  }

  /** What is wrong with each member of a refused body. */
  get fields(): { at: string; message: string }[] {
    return Array.isArray(this.extra.errors) ? (this.extra.errors as { at: string; message: string }[]) : [];
  }
}

/** The server could not be reached. Whether it saw the request is not known. */
export class Unreachable extends Error {
  constructor() {
    super('The server could not be reached.');
    this.name = 'Unreachable';
  }
}

export async function problemOf(reply: Response): Promise<Problem> {
  const document = (await reply.json().catch(() => ({}))) as Record<string, unknown>;
  const { code, detail, request_id: requestId, ...extra } = document;
  return new Problem(
    reply.status,
    typeof code === 'string' ? code : `http_${reply.status}`,
    typeof detail === 'string' ? detail : reply.statusText,
    typeof requestId === 'string' ? requestId : (reply.headers.get('x-request-id') ?? ''),
    Number(reply.headers.get('retry-after') ?? 1) || 1,
    extra,
  );
}
