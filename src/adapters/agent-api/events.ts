/** Server-sent events of an agent's CLI. */

export interface ApiEvent {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** While it starts it takes connections and may answer none of them ever: more patience each time, for slow machines. */
const FIRST_MS = 2_000;
const MOST_MS = 32_000;
const ANSWER_MS = 5_000;
const AGAIN_MS = 400;
/** No event of any use is longer. */
const EVENT_MAX = 4 * 1024 * 1024;

/**
 * Never throws, and never gives up: a server that isn't there yet comes, or its program ends.
 * @param auth user:password of HTTP basic authentication, where the server has one
 * @returns ends it
 */
export function followEvents(url: string, auth: string | null, onEvent: (event: ApiEvent) => void): () => void {
  const stop = new AbortController();
  void follow(url, auth, onEvent, stop.signal);
  return () => stop.abort();
}

async function follow(
  url: string,
  auth: string | null,
  onEvent: (event: ApiEvent) => void,
  stop: AbortSignal,
): Promise<void> {
  for (let patience = FIRST_MS; !stop.aborted; patience = Math.min(MOST_MS, patience * 2)) {
    await read(url, auth, onEvent, stop, patience).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref());
  }
}

async function read(
  url: string,
  auth: string | null,
  onEvent: (event: ApiEvent) => void,
  stop: AbortSignal,
  patienceMs: number,
): Promise<void> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), patienceMs).unref();
  const response = await fetch(url, { headers: headers(auth), signal: AbortSignal.any([stop, late.signal]) });
  clearTimeout(timer);
  if (!response.ok || response.body === null) return;
  const decoder = new TextDecoder();
  let left = '';
  for await (const chunk of response.body) {
    left += decoder.decode(chunk as Uint8Array, { stream: true });
    const events = left.split('\n\n');
    left = events.pop()!;
    if (left.length > EVENT_MAX) return;
    for (const text of events) {
      const event = parse(text);
      if (event) onEvent(event);
    }
  }
}

function parse(text: string): ApiEvent | null {
  const data = text
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => line.slice('data:'.length))
    .join('\n');
  try {
    const said = JSON.parse(data) as Record<string, unknown>;
    // A stream of everything that a server does names the folder beside the event.
    const { type, properties } = typeof said.payload === 'object' ? (said.payload as typeof said) : said;
    if (typeof type !== 'string') return null;
    return { type, properties: typeof properties === 'object' && properties !== null ? { ...properties } : {} };
  } catch {
    return null;
  }
}

/** @returns whether it was taken; false also where nobody answers in time */
export async function post(url: string, auth: string | null, body: object): Promise<boolean> {
  const request = { method: 'POST', headers: { ...headers(auth), 'content-type': 'application/json' } };
  const signal = AbortSignal.timeout(ANSWER_MS);
  const response = await fetch(url, { ...request, body: JSON.stringify(body), signal }).catch(() => null);
  await response?.body?.cancel();
  return response?.ok ?? false;
}

function headers(auth: string | null): Record<string, string> {
  if (auth === null) return {};
  return { authorization: `Basic ${Buffer.from(auth).toString('base64')}` };
}
