import { admin } from '$lib/i18n/index.svelte';

/** The sections of the editor, each with the members of a draft that are edited there. */
const SECTIONS: Record<string, string> = {
  stem: 'question',
  type: 'question',
  passage: 'question',
  media: 'question',
  hints: 'help',
  explanation: 'help',
  feedback: 'help',
  skills: 'place',
  tags: 'place',
  title: 'more',
  language: 'more',
  difficulty: 'more',
  points: 'more',
  penalty: 'more',
  external_id: 'more',
};

const CODES: Record<string, string> = { E_EMPTY_STEM: 'question', E_NO_SKILL: 'place', E_NO_ALT: 'question' };

/** Where a member such as `options.0.html` is edited. */
export function sectionOf(path: string): string {
  return SECTIONS[path.split('.')[0]!] ?? 'answer';
}

export function sectionOfProblem(code: string): string {
  return CODES[code] ?? 'answer';
}

/** `options.2.html` as "Option 2, text"; a member without a name of its own stands for itself. */
export function fieldLabel(path: string): string {
  const names = admin().editor.fieldNames;
  const words = path.split('.').reduce<string[]>((found, part) => {
    if (/^\d+$/.test(part) && found.length) return [...found.slice(0, -1), `${found.at(-1)} ${part}`];
    return [...found, names[part] ?? part];
  }, []);
  return words.join(', ');
}

/** Members of a refused body, such as `body.draft.options.0.html`, as the members of a draft, counted from 1. */
export function pathOfRefusal(at: string): string {
  const parts = at.split('.');
  const start = parts.indexOf('draft');
  return parts
    .slice(start < 0 ? 0 : start + 1)
    .map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : part))
    .join('.');
}
