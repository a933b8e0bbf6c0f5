/** Points as a person reads them, from a share of the most. */
export function pointsOf(fraction: number, most: number): number {
  return Math.round(fraction * most * 100) / 100;
}

/** The share that points stand for, never outside of 0 to 1. */
export function fractionOf(points: number, most: number): number {
  return most > 0 ? Math.min(1, Math.max(0, points / most)) : 0;
}
