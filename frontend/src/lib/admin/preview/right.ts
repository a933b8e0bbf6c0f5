import type { components } from '$lib/api/schema';

type Schemas = components['schemas'];

/** Ids of the options that earn points. The shown options may have ids of their own, so they are known by their text. */
export function rightOptions(draft: Schemas['QuestionDraft'], content: Schemas['QuestionContent']): string[] {
  const texts = new Set((draft.options ?? []).filter((one) => (one.weight ?? 0) > 0).map((one) => one.html));
  return (content.options ?? []).filter((one) => texts.has(one.html)).map((one) => one.id);
}
