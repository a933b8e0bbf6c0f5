/** Browsers stop at about 33 million pixels; beyond this height the rows are addressed by share instead. */
export const TALLEST_PX = 8_000_000;

export type Window = { first: number; last: number; offsetPx: number };

/**
 * Which of `total` rows of `rowPx` height stand in a view, with `spare` rows above and below.
 *
 * `first` is included, `last` is not; `offsetPx` is where the first is drawn. When all rows together would be higher
 * than a browser can scroll, the scroll position is a share of the list, and the rows are drawn where the view is.
 */
export function windowOf(total: number, rowPx: number, scrollPx: number, viewPx: number, spare = 8): Window {
  const height = total * rowPx;
  const drawn = heightOf(total, rowPx);
  const reach = Math.max(1, drawn - viewPx);
  const position = Math.min(Math.max(scrollPx, 0), reach);
  const scale = height > drawn ? Math.max(0, height - viewPx) / reach : 1;
  const top = position * scale;
  const first = Math.max(0, Math.floor(top / rowPx) - spare);
  const last = Math.min(total, Math.ceil((top + viewPx) / rowPx) + spare);
  return { first, last, offsetPx: position + first * rowPx - top };
}

export function heightOf(total: number, rowPx: number): number {
  return Math.min(total * rowPx, TALLEST_PX);
}

/** Where to scroll to have a row at the top of the view: the inverse of `windowOf`. */
export function scrollFor(row: number, total: number, rowPx: number, viewPx: number): number {
  const height = total * rowPx;
  const drawn = heightOf(total, rowPx);
  const scale = height > drawn ? Math.max(1, height - viewPx) / Math.max(1, drawn - viewPx) : 1;
  return Math.min((row * rowPx) / scale, Math.max(0, drawn - viewPx));
}

/** Numbers of the pages of `size` that hold rows from `first` to before `last`. */
export function pagesOf(first: number, last: number, size: number): number[] {
  if (last <= first) return [];
  const from = Math.floor(first / size);
  return Array.from({ length: Math.floor((last - 1) / size) - from + 1 }, (_, index) => from + index);
}
