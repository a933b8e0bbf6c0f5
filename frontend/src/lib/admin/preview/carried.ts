import { emptyAnswer } from '$lib/practice/answers';
import type { Answer, Content } from '$lib/practice/types';

/** The answer carried over to a question that was changed meanwhile; it begins anew when it names what is gone. */
export function carried(from: Content, to: Content, answer: Answer): Answer {
  const known = new Set([to.options, to.lefts, to.rights, to.items, to.gaps].flatMap((things) => (things ?? []).map(({ id }) => id)));
  const isComplete = to.type !== 'ordering' || answer.order?.length === to.items?.length;
  return from.type === to.type && isComplete && named(answer).every((id) => known.has(id)) ? answer : emptyAnswer(to);
}

function named({ choice, choices, pairs, order, gaps }: Answer): string[] {
  const single = choice ? [choice] : [];
  return [...single, ...(choices ?? []), ...Object.entries(pairs ?? {}).flat(), ...(order ?? []), ...Object.keys(gaps ?? {})];
}
