import katex from 'katex';
import 'katex/dist/katex.min.css';
import { currentLanguage } from '$lib/i18n/index.svelte';
import { spoken } from './speech';
import { splitTex } from './split';

/** Formulas come from question banks: no commands that load or link, and an end to what expands for ever. */
const LIMITS = { trust: false, maxExpand: 200, maxSize: 20, throwOnError: true, strict: 'ignore' as const };

/** Draw every formula in the text of `root`. Each gets a name that can be read out. */
export function renderMaths(root: HTMLElement): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts: Text[] = [];
  while (walker.nextNode()) texts.push(walker.currentNode as Text);
  for (const text of texts) {
    const parts = splitTex(text.data);
    if (parts.some((part) => part.tex)) text.replaceWith(...parts.map((part) => (part.tex ? drawn(part) : part.text)));
  }
}

function drawn({ text, display }: { text: string; display: boolean }): HTMLElement {
  const element = document.createElement('span');
  try {
    katex.render(text, element, { ...LIMITS, displayMode: display });
  } catch (error) {
    if (!(error instanceof katex.ParseError)) throw error;
    return source(text);
  }
  const math = element.querySelector('math');
  if (math) {
    math.querySelector('annotation')?.remove();
    element.setAttribute('role', 'math');
    element.setAttribute('aria-label', spoken(math, currentLanguage()));
  }
  return element;
}

/** What cannot be read is shown as it was written. KaTeX would colour it by an inline style, which the policy refuses. */
function source(text: string): HTMLElement {
  const element = document.createElement('code');
  element.textContent = text;
  return element;
}
