import type { Answer, Content, Rating } from './types';

/** An answer to begin with: things to be ordered already stand in some order. */
export function emptyAnswer(question: Content): Answer {
  switch (question.type) {
    case 'multiple_response':
      return { choices: [] };
    case 'matching':
      return { pairs: {} };
    case 'ordering':
      return { order: (question.items ?? []).map((item) => item.id) };
    case 'cloze':
      return { gaps: {} };
    case 'hotspot':
      return { points: [] };
    case 'short_answer':
    case 'numerical':
    case 'parametric':
    case 'essay':
      return { text: '' };
    default:
      return {};
  }
}

/** Whether there is something to check; the server decides whether it can be read. */
export function isAnswered(question: Content, answer: Answer): boolean {
  switch (question.type) {
    case 'single_choice':
    case 'true_false':
      return Boolean(answer.choice);
    case 'multiple_response':
      return Boolean(answer.choices?.length);
    case 'matching':
      return (question.lefts ?? []).every((left) => answer.pairs?.[left.id]);
    case 'ordering':
      return true;
    case 'cloze':
      return Object.values(answer.gaps ?? {}).some((text) => text.trim() !== '');
    case 'hotspot':
      return Boolean(answer.points?.length);
    case 'flashcard':
      return Boolean(answer.rating);
    case 'description':
      return false;
    default:
      return Boolean(answer.text?.trim());
  }
}

/** Whether somebody has answered, and not only been shown an order to begin with. */
export function isTouched(question: Content, answer: Answer): boolean {
  return isAnswered(question, answer) && JSON.stringify(answer) !== JSON.stringify(emptyAnswer(question));
}

/** Only what the server takes for this type: no blanks that were left empty. */
export function toSend(question: Content, answer: Answer): Answer {
  if (question.type !== 'cloze') return answer;
  return { gaps: Object.fromEntries(Object.entries(answer.gaps ?? {}).filter(([, text]) => text.trim() !== '')) };
}

/** In the order of their keys, 1 to 4. */
export const RATINGS: readonly Rating[] = ['again', 'hard', 'good', 'easy'];

/** A, B, … Z. */
export function letterOf(index: number): string {
  return String.fromCharCode(65 + index);
}

/** The option that a key stands for: 1 to 9, or A to Z but for the letters that mean something else. */
export function optionOfKey(key: string, count: number): number | undefined {
  const index = /^[1-9]$/.test(key) ? Number(key) - 1 : /^[a-z]$/i.test(key) ? key.toUpperCase().charCodeAt(0) - 65 : -1;
  return index >= 0 && index < count ? index : undefined;
}

export function toggled<T>(list: readonly T[], item: T): T[] {
  return list.includes(item) ? list.filter((one) => one !== item) : [...list, item];
}

/** The list with one thing moved; out of range changes nothing. */
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const copy = [...list];
  if (from < 0 || from >= copy.length || to < 0 || to >= copy.length) return copy;
  copy.splice(to, 0, ...copy.splice(from, 1));
  return copy;
}
