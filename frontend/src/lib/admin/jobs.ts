import { api } from '$lib/api/client';
import type { components } from '$lib/api/schema';

export type Job = components['schemas']['JobRead'];

const RETRY_MS = 3000;

export function isOpen(status: Job['status']): boolean {
  return status === 'queued' || status === 'running';
}

/** Tell every change of a job until it has ended. Returns how to stop; a stream that breaks is taken up again. */
export function followJob(id: string, onChange: (job: Job) => void): () => void {
  let stream: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  function tell(event: MessageEvent<string>): void {
    const job = JSON.parse(event.data) as Job;
    onChange(job);
    if (!isOpen(job.status)) stop();
  }

  function listen(): void {
    stream = new EventSource(`/api/v1/jobs/${id}/events`);
    stream.addEventListener('progress', tell);
    stream.addEventListener('done', tell);
    stream.addEventListener('error', () => {
      stream?.close();
      if (!isOver) timer = setTimeout(() => void lookAndListen(), RETRY_MS);
    });
  }

  /** By an ordinary request first: it renews a login that has ended, which a stream cannot. */
  async function lookAndListen(): Promise<void> {
    const job = await api.get('/api/v1/jobs/{job_id}', { path: { job_id: id } }).catch(() => undefined);
    if (isOver) return;
    if (job) onChange(job);
    if (!job || isOpen(job.status)) listen();
  }

  function stop(): void {
    isOver = true;
    clearTimeout(timer);
    stream?.close();
  }

  listen();
  return stop;
}
