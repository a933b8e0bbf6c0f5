import type { components } from '$lib/api/schema';

type Kind = components['schemas']['ProposalKind'];
/** One thing that a proposal says; `html` is safe. `isRight` marks the option of a drafted question that is. */
export type Part = { name: string; lines: Line[] };
export type Line = { html: string; isRight?: true } | { text: string } | { option: string; html?: string };

type Payload = Record<string, unknown>;
type Criterion = { criterion: string; points: number; most: number; reason: string };

const text = (value: unknown): Line[] => (value === '' || value === null || value === undefined ? [] : [{ text: String(value) }]);
const htmls = (values: unknown): Line[] => ((values as string[] | undefined) ?? []).map((html) => ({ html }));

const READERS: Record<Kind, (payload: Payload) => Record<string, Line[]>> = {
  explanation: ({ explanation }) => ({ explanation: htmls([explanation]) }),
  hints: ({ hints }) => ({ hints: htmls(hints) }),
  rationale: ({ feedback }) => ({
    feedback: Object.entries(feedback as Record<string, string>).map(([option, html]) => ({ option, html })),
  }),
  metadata: ({ skills, topic, bloom, language, difficulty, difficulty_error }) => ({
    skills: text((skills as string[]).join(' · ')),
    topic: text(topic),
    bloom: text(bloom),
    language: text(language),
    difficulty: text(difficulty === null ? '' : `${difficulty} ± ${difficulty_error}`),
  }),
  key_check: ({ options, answer, reason }) => ({
    answer: [...(options as string[]).map((option) => ({ option })), ...text(answer)],
    reason: text(reason),
  }),
  draft_question: ({ draft, quote }) => {
    const { stem, options, explanation } = draft as components['schemas']['QuestionDraft'];
    return {
      stem: htmls([stem]),
      options: (options ?? []).map(({ html, weight }) => ({ html, ...((weight ?? 0) > 0 ? { isRight: true } : {}) })),
      explanation: htmls(explanation ? [explanation] : []),
      quote: text(quote),
    };
  },
  essay_grading: ({ criteria, comment }) => ({
    criteria: (criteria as Criterion[]).map(({ criterion, points, most, reason }) => ({
      text: [`${criterion}: ${points} / ${most}`, reason].filter(Boolean).join(' · '),
    })),
    comment: text(comment),
  }),
};

/** What a proposal says, in the order in which it is read; what it leaves empty is left out. */
export function partsOf(kind: Kind, payload: Payload | null): Part[] {
  if (!payload) return [];
  return Object.entries(READERS[kind](payload))
    .map(([name, lines]) => ({ name, lines }))
    .filter(({ lines }) => lines.length);
}
