import type { components } from '$lib/api/schema';

type Difference = components['schemas']['ScoreDifference'];

/** What the 95 % interval of a difference in log loss says: below 0 is better, across 0 is not known. */
export function verdictOf({ low, high }: Difference): 'better' | 'worse' | 'unclear' {
  if (high < 0) return 'better';
  return low > 0 ? 'worse' : 'unclear';
}
