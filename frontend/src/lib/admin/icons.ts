/** Paths on a grid of 24, drawn as strokes: those that only the screens of staff need. */
export const bold = 'M8 5h5a3.5 3.5 0 0 1 0 7H8zM8 12h6a3.5 3.5 0 0 1 0 7H8z';
export const italic = 'M10 5h7M7 19h7M14 5l-4 14';
export const formula = 'M4 13.5h2.5L9.5 19 14 5h6M14 10.5l5 6M19 10.5l-5 6';
export const formulaBlock = 'M17.5 7.5V5h-11l6 7-6 7h11v-2.5';
export const gap = 'M7 6H4.5v12H7M17 6h2.5v12H17M9 15h6';
export const copies = 'M8.5 8.5V5h10.5v10.5h-3.5M5 8.5h10.5V19H5z';
export const paper = 'M7 4h7l4 4v12H7zM14 4v4h4M9.5 12h6M9.5 15.5h6';
export const speech = 'M5 5.5h14v10h-8L7 19v-3.5H5zM9 9h6M9 12h4';
export const back = 'M19 12H6M11 6.5 5.5 12l5.5 5.5';
export const plus = 'M12 5v14M5 12h14';
export const upload = 'M12 15.5V4.5M7.5 9 12 4.5 16.5 9M5 19.5h14';
export { trash } from '$lib/ui/icons';
export const users =
  'M9 11.5A3.2 3.2 0 1 0 9 5a3.2 3.2 0 0 0 0 6.5ZM3.5 19c.4-3 2.4-5 5.5-5s5.1 2 5.5 5M15.5 5.3a3.2 3.2 0 0 1 0 5.9M17 14.3c2 .6 3.2 2.3 3.5 4.7';
export const graph = 'M6 8a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM18 13a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM7 20a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM7.8 6.9l8.4 3.2M16.2 12l-7.5 5';
export const jobs = 'M5 6.5h14M5 12h14M5 17.5h9M17 16v3l2.5-1.5z';
export const heart = 'M3.5 12H8l2-5 3.5 10 2.2-5h4.8';
export const list = 'M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01';
