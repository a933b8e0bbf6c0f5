import { csrfToken } from '$lib/api/client';
import { Problem, Unreachable } from '$lib/api/problem';
import { refreshLogin } from '$lib/api/refresh';

export type Upload<T> = { reply: Promise<T>; cancel: () => void };

/** Send a form with files; `onProgress` gets the share that has left this machine. `fetch` cannot tell that. */
export function upload<T>(
  url: string,
  form: FormData,
  onProgress: (share: number) => void,
  idempotencyKey?: string,
): Upload<T> {
  let request: XMLHttpRequest | undefined;
  let isCancelled = false;

  function attempt(isRenewed: boolean): Promise<T> {
    return new Promise((resolve, reject) => {
      request = new XMLHttpRequest();
      request.open('POST', url);
      request.setRequestHeader('accept', 'application/json');
      request.setRequestHeader('x-csrf-token', csrfToken());
      if (idempotencyKey) request.setRequestHeader('idempotency-key', idempotencyKey);
      request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
      request.onerror = () => reject(new Unreachable());
      request.onabort = () => reject(new DOMException('Cancelled', 'AbortError'));
      request.onload = () => {
        if (request!.status < 300) return resolve(JSON.parse(request!.responseText) as T);
        const problem = problemOfText(request!);
        if (problem.code !== 'unauthenticated' || isRenewed) return reject(problem);
        refreshLogin().then((renewed) => (renewed && !isCancelled ? resolve(attempt(true)) : reject(problem)), reject);
      };
      request.send(form);
    });
  }

  return {
    reply: attempt(false),
    cancel() {
      isCancelled = true;
      request?.abort();
    },
  };
}

function problemOfText(request: XMLHttpRequest): Problem {
  let document: Record<string, unknown> = {};
  try {
    document = JSON.parse(request.responseText) as Record<string, unknown>;
  } catch {
    // A proxy in between answers in its own words.
  }
  const { code, detail, request_id: requestId, ...extra } = document;
  return new Problem(
    request.status,
    typeof code === 'string' ? code : `http_${request.status}`,
    typeof detail === 'string' ? detail : request.statusText,
    typeof requestId === 'string' ? requestId : (request.getResponseHeader('x-request-id') ?? ''),
    Number(request.getResponseHeader('retry-after') ?? 1) || 1,
    extra,
  );
}
