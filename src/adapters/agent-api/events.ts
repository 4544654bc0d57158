/** Server-sent events of an agent's CLI. */

export interface ApiEvent {
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** While it starts it takes connections and may answer some of them never: another is opened beside those that still wait. */
const BESIDE_MS = 2_000;
/** So many wait at most. */
const WAITING_MAX = 8;
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
  while (!stop.aborted) {
    const body = await firstAnswer(url, auth, stop);
    if (body !== null) await read(body, onEvent).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref());
  }
}

type Body = ReadableStream<Uint8Array>;

/** @returns the stream of the connection that is answered first; null where one is refused, or answered with an error */
function firstAnswer(url: string, auth: string | null, stop: AbortSignal): Promise<Body | null> {
  return new Promise((resolve) => {
    const waiting = new Set<AbortController>();
    let timer: NodeJS.Timeout | undefined;
    const end = (body: Body | null, own: AbortController): void => {
      if (!waiting.delete(own)) return;
      clearTimeout(timer);
      for (const other of waiting) other.abort();
      waiting.clear();
      resolve(body);
    };
    const open = (): void => {
      const own = new AbortController();
      waiting.add(own);
      fetch(url, { headers: headers(auth), signal: AbortSignal.any([stop, own.signal]) }).then(
        (response) => end(response.ok ? response.body : null, own),
        () => end(null, own),
      );
      timer = setTimeout(beside, BESIDE_MS).unref();
    };
    const beside = (): void => {
      const [oldest] = waiting;
      if (oldest !== undefined && waiting.size >= WAITING_MAX) {
        waiting.delete(oldest);
        oldest.abort();
      }
      open();
    };
    open();
  });
}

async function read(body: Body, onEvent: (event: ApiEvent) => void): Promise<void> {
  const decoder = new TextDecoder();
  let left = '';
  for await (const chunk of body) {
    left += decoder.decode(chunk, { stream: true });
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

/** @returns what stands there; null where nobody answers in time, or not with JSON */
export async function getJson(url: string, auth: string | null): Promise<unknown> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  const response = await fetch(url, { headers: headers(auth), signal }).catch(() => null);
  if (!response?.ok) return null;
  return response.json().catch(() => null);
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
