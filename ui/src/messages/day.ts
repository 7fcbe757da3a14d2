import { language } from './language.svelte';

/**
 * A day as the language of the window writes it; what is no day stays as it is. Days have no time
 * zone, so none may move them.
 */
export function dayText(day: string): string {
  const date = new Date(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(date.getTime())) return day;
  const format = new Intl.DateTimeFormat(language.current, {
    dateStyle: 'medium',
    timeZone: 'UTC',
  });
  return format.format(date);
}
