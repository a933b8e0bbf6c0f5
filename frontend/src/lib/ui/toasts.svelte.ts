export type Toast = { id: number; text: string; tone: 'good' | 'bad' | 'info' };

const SHOWN_MS = 6000;
let next = 0;

export const toasts = $state<Toast[]>([]);

/** Say something in passing; it is announced and goes by itself. */
export function toast(text: string, tone: Toast['tone'] = 'info'): void {
  const id = next++;
  toasts.push({ id, text, tone });
  setTimeout(() => dismiss(id), SHOWN_MS);
}

export function dismiss(id: number): void {
  const index = toasts.findIndex((one) => one.id === id);
  if (index >= 0) toasts.splice(index, 1);
}
