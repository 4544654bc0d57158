import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { followEvents, post, type ApiEvent } from './events.ts';

async function serve(answer: (path: string, response: ServerResponse, body: string) => void): Promise<string> {
  const server: Server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => answer(request.url ?? '', response, body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it('reads events however they are cut, leaves nonsense out, and connects again', async () => {
  let times = 0;
  const url = await serve((_, response) => {
    times++;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (times === 1) {
      response.write('data: {"type":"one","prop');
      response.write('erties":{"a":1}}\n\ndata: no json\n\n: a comment\n\n');
      response.end();
    } else response.write('data: {"directory":"/x","payload":{"type":"two"}}\n\n');
  });
  const seen: ApiEvent[] = [];
  onTestFinished(followEvents(url, null, (event) => seen.push(event)));
  await vi.waitFor(() => expect(seen).toHaveLength(2), 30_000);
  expect(seen).toEqual([
    { type: 'one', properties: { a: 1 } },
    { type: 'two', properties: {} },
  ]);
});

it('opens another connection beside one that is never answered, and lets that go once one is', async () => {
  let times = 0;
  let closed = 0;
  const url = await serve((_, response) => {
    times++;
    response.on('close', () => closed++);
    if (times === 1) return;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('data: {"type":"here"}\n\n');
  });
  const seen: string[] = [];
  onTestFinished(followEvents(url, null, ({ type }) => seen.push(type)));
  await vi.waitFor(() => expect([seen, closed]).toEqual([['here'], 1]), 30_000);
  expect(times).toBe(2);
});

it('says whether an answer was taken', async () => {
  const got: string[] = [];
  const url = await serve((path, response, body) => {
    got.push(`${path} ${body}`);
    response.writeHead(path === '/yes' ? 200 : 404).end();
  });
  expect(await post(`${url}/yes`, 'secret', { reply: 'once' })).toBe(true);
  expect(await post(`${url}/no`, null, {})).toBe(false);
  expect(await post('http://127.0.0.1:1/', null, {})).toBe(false);
  expect(got).toEqual(['/yes {"reply":"once"}', '/no {}']);
});
