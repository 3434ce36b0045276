/** RFC 3339 section 5.6, with a time zone. */
const TIMESTAMP = /^(\d{4})-(\d{2})-(\d{2})T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;

/** The instant of an RFC 3339 time; undefined for anything else, such as a day that there is not. */
export function parseTimestamp(value: unknown): Date | undefined {
  const [, year, month, day] = (typeof value === 'string' && TIMESTAMP.exec(value)) || [];
  if (typeof value !== 'string' || day === undefined) return undefined;
  // Date takes February 30 for March 2
  const calendarDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (calendarDay.getUTCDate() !== Number(day) || calendarDay.getUTCMonth() !== Number(month) - 1)
    return undefined;
  const time = new Date(value);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
