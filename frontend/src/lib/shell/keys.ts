/** What a key asks for that every screen understands. */
export type Wish = 'shortcuts' | 'search';

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'defaultPrevented'>;

/** Nothing while somebody writes or answers a dialog: there the same keys are text. */
export function wishOf(event: Pressed, target: Pick<Element, 'closest'> | null): Wish | null {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return null;
  if (target?.closest('input, textarea, select, [contenteditable], dialog, [popover]')) return null;
  return event.key === '?' ? 'shortcuts' : event.key === '/' ? 'search' : null;
}
