/** Requests are anything at all: what is read of them is looked at first. */

export type Json = Readonly<Record<string, unknown>>;

export function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The words of a message's content, however the protocol nests them. */
export function words(content: unknown): string {
  if (typeof content === 'string') return content;
  if (Array.isArray(content)) return content.map(words).join('\n');
  const { text: said, content: inner } = record(content);
  return typeof said === 'string' ? said : inner === undefined ? '' : words(inner);
}
