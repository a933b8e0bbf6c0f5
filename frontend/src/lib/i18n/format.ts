import { currentLanguage } from './index.svelte';

const number = (options: Intl.NumberFormatOptions) => (value: number) =>
  new Intl.NumberFormat(currentLanguage(), options).format(value);

export const whole = number({ maximumFractionDigits: 0 });
export const decimal = number({ maximumFractionDigits: 1 });
/** 0.75 as 75 %. */
export const percent = number({ style: 'percent', maximumFractionDigits: 0 });

/** 5 June; with the year when it is another than this one. */
export function day(value: string | Date): string {
  const date = dateOf(value);
  const year = date.getFullYear() === new Date().getFullYear() ? {} : { year: 'numeric' as const };
  return new Intl.DateTimeFormat(currentLanguage(), { day: 'numeric', month: 'long', ...year }).format(date);
}

export function weekday(value: string | Date, style: 'short' | 'narrow' | 'long' = 'short'): string {
  return new Intl.DateTimeFormat(currentLanguage(), { weekday: style }).format(dateOf(value));
}

export function moment(value: string | Date): string {
  return new Intl.DateTimeFormat(currentLanguage(), { dateStyle: 'medium', timeStyle: 'short' }).format(dateOf(value));
}

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** "3 days ago", "in 2 hours", "now". */
export function ago(value: string | Date, now: Date = new Date()): string {
  const seconds = (dateOf(value).getTime() - now.getTime()) / 1000;
  const format = new Intl.RelativeTimeFormat(currentLanguage(), { numeric: 'auto' });
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 60];
  return format.format(Math.trunc(seconds / size), unit);
}

/** A day without time stays that day in every time zone. */
export function dateOf(value: string | Date): Date {
  if (value instanceof Date) return value;
  return /^\d{4}-\d{2}-\d{2}$/.test(value) ? new Date(`${value}T12:00:00`) : new Date(value);
}
