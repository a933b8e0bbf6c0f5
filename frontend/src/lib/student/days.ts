export type Day = { day: string; answers: number; score: number; minutes: number };

/** Every one of the last `count` days (UTC, as the server counts them), those without practice included. */
export function lastDays(days: Day[], count: number, today: Date = new Date()): { date: string; answers: number; score: number; minutes: number }[] {
  const known = new Map(days.map((one) => [one.day, one]));
  return Array.from({ length: count }, (_, index) => {
    const date = new Date(today.getTime() - (count - 1 - index) * 86_400_000).toISOString().slice(0, 10);
    const found = known.get(date);
    return { date, answers: found?.answers ?? 0, score: found?.score ?? 0, minutes: found?.minutes ?? 0 };
  });
}

/** Days in a row with practice, up to today; a day that is not over yet breaks nothing. */
export function streak(days: Day[], today: Date = new Date()): number {
  const practised = lastDays(days, 60, today).map(({ answers }) => answers > 0).reverse();
  if (!practised[0]) practised.shift();
  const end = practised.indexOf(false);
  return end < 0 ? practised.length : end;
}
