/** Times in the words of documents. */

/** ISO 8601 in UTC with milliseconds. @param epochMs milliseconds since 1970 */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** A length of time in at most five columns: `40s`, `12m`, `3.5h`, `120h`. */
export function hoursWords(hours: number): string {
  const minutes = hours * 60;
  if (minutes < 1) return `${Math.round(minutes * 60)}s`;
  if (minutes < 60) return `${Math.round(minutes)}m`;
  return `${hours < 10 ? Math.round(hours * 10) / 10 : Math.round(hours)}h`;
}
