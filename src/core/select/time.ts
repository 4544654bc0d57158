/** Times in the words of documents. */

/** ISO 8601 in UTC with milliseconds. @param epochMs milliseconds since 1970 */
export function isoTime(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
