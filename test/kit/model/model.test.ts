import { describe, expect, it, onTestFinished } from 'vitest';
import { startModel, type Model } from './server.ts';
import type { Scripts } from './script.ts';

const SCRIPTS: Scripts = {
  edit: { firstMs: 0, tokenMs: 0, turns: [[{ tool: 'write', path: 'a.js', content: 'one\n' }], [{ text: 'Done.' }]] },
  limited: {
    turns: [{ error: { status: 429, message: 'slow down', retryAfter: 60, times: 1 } }, [{ text: 'Go on.' }]],
  },
};

async function stand(): Promise<Model> {
  const model = await startModel(SCRIPTS);
  onTestFinished(() => model.close());
  return model;
}

function post(model: Model, path: string, body: object): Promise<Response> {
  return fetch(model.url + path, { method: 'POST', body: JSON.stringify(body) });
}

const prompt = 'go [[stub:edit]]';
const system = 'Primary working directory: /tree';

describe('the stand-in for a model', () => {
  it('calls the tool that each protocol offers, with a path in its working directory', async () => {
    const model = await stand();
    const anthropic = await post(model, '/v1/messages', {
      stream: true,
      system,
      tools: [{ name: 'Write' }],
      messages: [{ role: 'user', content: prompt }],
    });
    expect(pieces(await anthropic.text(), 'partial_json')).toBe('{"file_path":"/tree/a.js","content":"one\\n"}');

    const responses = await post(model, '/v1/responses', {
      stream: true,
      tools: [{ type: 'custom', name: 'apply_patch' }],
      input: [{ role: 'user', content: [{ type: 'input_text', text: prompt }] }],
    });
    expect(pieces(await responses.text(), 'delta')).toBe('*** Begin Patch\n*** Add File: a.js\n+one\n*** End Patch');

    const chat = await post(model, '/v1/chat/completions', {
      tools: [{ type: 'function', function: { name: 'write' } }],
      messages: [
        { role: 'system', content: system },
        { role: 'user', content: prompt },
      ],
    });
    expect(await chat.json()).toMatchObject({
      choices: [{ message: { tool_calls: [{ function: { name: 'write' } }] }, finish_reason: 'tool_calls' }],
    });

    const gemini = await post(model, '/v1beta/models/m:generateContent', {
      systemInstruction: { parts: [{ text: system }] },
      tools: [{ functionDeclarations: [{ name: 'write_file' }] }],
      contents: [{ role: 'user', parts: [{ text: prompt }] }],
    });
    const args = { file_path: '/tree/a.js', content: 'one\n' };
    expect(await gemini.json()).toMatchObject({
      candidates: [{ content: { parts: [{ functionCall: { name: 'write_file', args } }] } }],
    });
    expect(model.asked.map(({ api, script, turn }) => `${api} ${script} ${turn}`)).toEqual([
      'anthropic edit 0',
      'responses edit 0',
      'chat edit 0',
      'gemini edit 0',
    ]);
  });

  it('takes its place in the script from the request alone', async () => {
    const model = await stand();
    const said = await post(model, '/v1/messages', {
      tools: [{ name: 'Write' }],
      messages: [
        { role: 'user', content: prompt },
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'Write', input: {} }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't', content: 'written' }] },
      ],
    });
    expect(await said.json()).toMatchObject({ content: [{ type: 'text', text: 'Done.' }], stop_reason: 'end_turn' });
    expect(model.asked[0]).toMatchObject({ turn: 1, results: ['written'] });
  });

  it('refuses as its provider would, as often as it is told to', async () => {
    const model = await stand();
    const body = { tools: [{ name: 'Write' }], messages: [{ role: 'user', content: 'go [[stub:limited]]' }] };
    const refused = await post(model, '/v1/messages', body);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    expect(await refused.json()).toEqual({ type: 'error', error: { type: 'rate_limit_error', message: 'slow down' } });
    expect((await post(model, '/v1/messages', body)).status).toBe(200);
  });
});

/** The pieces of one field of a stream of events, put together. */
function pieces(stream: string, field: string): string {
  const found = stream.matchAll(new RegExp(`"${field}":("(?:[^"\\\\]|\\\\.)*")`, 'g'));
  return [...found].map(([, text]) => JSON.parse(text!) as string).join('');
}
