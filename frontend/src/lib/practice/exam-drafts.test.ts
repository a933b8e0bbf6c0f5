import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ExamDrafts } from './exam-drafts';
import type { Answer, ShownQuestion } from './types';

const saved: string[] = [];
let isOnline = true;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { cookie: '' });
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    if (!isOnline) throw new TypeError('network');
    saved.push(`${url.split('/').at(-1)} ${String(init.body)}`);
    return Response.json({});
  });
});

afterEach(() => {
  saved.length = 0;
  isOnline = true;
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function shown(type: string): ShownQuestion {
  return { assignment_id: 'a1', question: { type, items: [{ id: 'i1' }, { id: 'i2' }] } } as unknown as ShownQuestion;
}

const write = (drafts: ExamDrafts, text: string) => drafts.save(shown('essay'), { text } as Answer);

describe('what is written in a test', () => {
  it('is saved once the writing pauses', async () => {
    const drafts = new ExamDrafts('s1');
    for (const text of ['H', 'Ha', 'Half']) write(drafts, text);
    await vi.advanceTimersByTimeAsync(5000);
    expect(saved).toEqual(['a1 {"response":{"text":"Half"}}']);
  });

  it('is saved at once before the test is handed in, and not twice', async () => {
    const drafts = new ExamDrafts('s1');
    write(drafts, 'Half');
    await drafts.flush();
    write(drafts, 'Half');
    await drafts.flush();
    expect(saved).toHaveLength(1);
  });

  it('is saved later when there is no connection', async () => {
    const drafts = new ExamDrafts('s1');
    isOnline = false;
    write(drafts, 'Half');
    await vi.advanceTimersByTimeAsync(5000);
    isOnline = true;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(saved).toEqual(['a1 {"response":{"text":"Half"}}']);
  });

  it('is not the order that things to be ordered were shown in, nor what was answered meanwhile', async () => {
    const drafts = new ExamDrafts('s1');
    drafts.save(shown('ordering'), { order: ['i1', 'i2'] } as Answer);
    write(drafts, 'Half');
    drafts.drop();
    await vi.advanceTimersByTimeAsync(20_000);
    expect(saved).toEqual([]);
  });
});
