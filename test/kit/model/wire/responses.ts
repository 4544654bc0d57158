/** OpenAI Responses: https://platform.openai.com/docs/api-reference/responses-streaming */
import { newId, sendJson, startStream, type Block, type MakeWire } from './wire.ts';

export const responses: MakeWire = (response, { model, stream }) => {
  const output: object[] = [];
  const base = { id: newId('resp_'), object: 'response', created_at: Math.floor(Date.now() / 1000), model };
  let sequence = 0;
  let index = -1;
  const event = (type: string, data: object): void => {
    if (!stream) return;
    response.write(`event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence++, ...data })}\n\n`);
  };
  /** One item of the output; `kind` names its delta events, `done` what its last one says. */
  const item = (
    make: (whole: string, status: string) => { readonly id: string },
    kind: string,
    more: object,
    done: (whole: string) => object,
    around: { readonly open?: (at: object) => void; readonly close?: (at: object, whole: string) => void } = {},
  ): Block => {
    index++;
    const at = { output_index: index };
    const empty = make('', 'in_progress');
    const inside = { item_id: empty.id, ...at, ...more };
    event('response.output_item.added', { ...at, item: empty });
    around.open?.(inside);
    return {
      delta: (delta) => event(`response.${kind}.delta`, { ...inside, delta }),
      end: (whole) => {
        const made = make(whole, 'completed');
        output.push(made);
        event(`response.${kind}.done`, { ...inside, ...done(whole) });
        around.close?.(inside, whole);
        event('response.output_item.done', { ...at, item: made });
      },
    };
  };
  const spoken = (text: string) => ({ type: 'output_text', text, annotations: [] });
  return {
    start() {
      if (stream) startStream(response, { 'x-request-id': newId('req_') });
      const begun = { ...base, status: 'in_progress', output: [] };
      event('response.created', { response: begun });
      event('response.in_progress', { response: begun });
    },
    text() {
      const id = newId('msg_');
      return item(
        (text, status) => ({
          id,
          type: 'message',
          status,
          role: 'assistant',
          content: text === '' ? [] : [spoken(text)],
        }),
        'output_text',
        { content_index: 0 },
        (text) => ({ text }),
        {
          open: (at) => event('response.content_part.added', { ...at, part: spoken('') }),
          close: (at, text) => event('response.content_part.done', { ...at, part: spoken(text) }),
        },
      );
    },
    think() {
      const id = newId('rs_');
      const summary = (text: string) => ({ type: 'summary_text', text });
      return item(
        (text) => ({
          id,
          type: 'reasoning',
          summary: text === '' ? [] : [summary(text)],
          encrypted_content: 'c3R1Yg==',
        }),
        'reasoning_summary_text',
        { summary_index: 0 },
        (text) => ({ text }),
        {
          open: (at) => event('response.reasoning_summary_part.added', { ...at, part: summary('') }),
          close: (at, text) => event('response.reasoning_summary_part.done', { ...at, part: summary(text) }),
        },
      );
    },
    tool({ name, free }) {
      const custom = free !== null;
      const id = newId(custom ? 'ctc_' : 'fc_');
      const [space, ...rest] = name.split('.');
      const named = rest.length === 0 ? { name } : { namespace: space, name: rest.join('.') };
      const common = { id, call_id: newId('call_'), ...named };
      return item(
        (whole, status) =>
          custom
            ? { ...common, type: 'custom_tool_call', status, input: whole }
            : { ...common, type: 'function_call', status, arguments: whole },
        custom ? 'custom_tool_call_input' : 'function_call_arguments',
        {},
        (whole) => (custom ? { input: whole } : { arguments: whole }),
      );
    },
    end({ input, cached, output: made }) {
      const usage = {
        input_tokens: input,
        input_tokens_details: { cached_tokens: cached },
        output_tokens: made,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: input + made,
      };
      const whole = { ...base, status: 'completed', output, usage };
      if (!stream) return sendJson(response, whole);
      event('response.completed', { response: whole });
      response.end();
    },
  };
};
