import { describe, expect, it } from 'vitest';
import { blankDraft, editable, fitted, gapsOf, sendable, withRight, type Gap, type QuestionType, type StoredDraft } from './draft';

const TYPES: QuestionType[] = [
  'single_choice', 'multiple_response', 'true_false', 'short_answer', 'numerical', 'matching', 'ordering',
  'cloze', 'essay', 'hotspot', 'flashcard', 'description', 'parametric',
];

describe('fitted', () => {
  it('gives every type what its form binds to', () => {
    for (const type of TYPES) expect(blankDraft(type).type).toBe(type);
    expect(blankDraft('single_choice').options).toHaveLength(4);
    expect(blankDraft('true_false').options.map((one) => one.html)).toEqual(['true', 'false']);
    expect(blankDraft('numerical').numeric?.answers).toHaveLength(1);
    expect(blankDraft('parametric').parametric?.variables).toHaveLength(1);
  });

  it('keeps what was written when the type changes', () => {
    const choice = blankDraft('single_choice', 'Which?');
    choice.options[0]!.html = 'this';
    const back = fitted(fitted(choice, 'essay'), 'multiple_response');
    expect(back.stem).toBe('Which?');
    expect(back.options[0]!.html).toBe('this');
  });

  it('shares no state with what it was made from', () => {
    const stored = { type: 'essay' as const, stem: 'x', rubric: [{ id: 'a', text: 't', points: 1 }] };
    editable(stored as unknown as StoredDraft).rubric[0]!.text = 'changed';
    expect(stored.rubric[0]!.text).toBe('t');
  });
});

describe('withRight', () => {
  const options = ['a', 'b', 'c'].map((id) => ({ id, html: id, weight: 0, feedback: '' }));
  const weights = (right: string[], type: QuestionType) => withRight(options, new Set(right), type).map((one) => one.weight);

  it('gives one right option the whole', () => {
    expect(weights(['b'], 'single_choice')).toEqual([0, 1, 0]);
    expect(weights([], 'single_choice')).toEqual([0, 0, 0]);
  });

  it('shares among several, so that ticking everything earns nothing', () => {
    expect(weights(['a', 'b'], 'multiple_response')).toEqual([0.5, 0.5, -0.5]);
    expect(weights(['a'], 'multiple_response')).toEqual([1, 0, 0]);
  });
});

describe('gapsOf', () => {
  it('follows the text', () => {
    const gaps = gapsOf('A [[x]] and [[y]] and [[x]]', []);
    expect(gaps.map((gap) => gap.id)).toEqual(['x', 'y']);
    (gaps[1] as Gap).weight = 3;
    expect(gapsOf('[[y]] [[z]]', gaps).map((gap) => [gap.id, gap.weight])).toEqual([['y', 3], ['z', 1]]);
  });
});

describe('sendable', () => {
  it('stores no leftovers of another type', () => {
    const draft = fitted(blankDraft('single_choice', 'q'), 'short_answer');
    draft.hints = ['', 'think'];
    draft.feedback = { correct: 'yes', incorrect: ' ' };
    const sent = sendable(draft);
    expect(sent.options).toEqual([]);
    expect(sent.answers).toEqual([]);
    expect(sent.hints).toEqual(['think']);
    expect(sent.feedback).toEqual({ correct: 'yes' });
  });
});
