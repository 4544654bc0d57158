/** Listens to a program's own events (server-sent, on loopback), whenever it begins to answer. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Happening } from './recording.ts';

const KEPT = /^(?:session\.(?:status|idle|error)|permission\.|question\.)/;

export interface Gathering {
  taken(began: number): Happening[];
  stop(): void;
}

/** @param auth user:password of HTTP basic authentication; null for none */
export function gatherEvents(url: string, auth: string | null): Gathering {
  const headers: Record<string, string> =
    auth === null ? {} : { authorization: `Basic ${Buffer.from(auth).toString('base64')}` };
  const events: { readonly at: number; readonly type: string; readonly properties: unknown }[] = [];
  const stopped = new AbortController();
  void (async () => {
    while (!stopped.signal.aborted) {
      try {
        // A request made while it starts hangs.
        await fetch(new URL('/session/status', url), { headers, signal: AbortSignal.timeout(1500) });
        const response = await fetch(url, { headers, signal: stopped.signal });
        let text = '';
        for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
          text += piece;
          for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
            const data = text
              .slice(0, end)
              .split('\n')
              .find((line) => line.startsWith('data:'));
            text = text.slice(end + 2);
            if (data === undefined) continue;
            const { type, properties } = JSON.parse(data.slice(5)) as { type: string; properties: unknown };
            if (KEPT.test(type)) events.push({ at: Date.now(), type, properties });
          }
        }
      } catch {
        await sleep(300);
      }
    }
  })();
  return {
    taken: (began) => events.map(({ at, type, properties }) => [at - began, 'e', type, properties]),
    stop: () => stopped.abort(),
  };
}
