/** Anthropic Messages: https://docs.anthropic.com/en/api/messages-streaming */
import { newId, sendJson, startStream, type Block, type MakeWire } from './wire.ts';

const SIGNATURE = 'c3R1Yg==';

export const anthropic: MakeWire = (response, { model, stream }) => {
  const content: object[] = [];
  const message = { id: newId('msg_'), type: 'message', role: 'assistant', model, content, stop_sequence: null };
  let index = -1;
  const event = (type: string, data: object): void => {
    if (stream) response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
  };
  const block = (start: object, delta: (piece: string) => object, end: (whole: string) => void): Block => {
    index++;
    const at = index;
    event('content_block_start', { index: at, content_block: start });
    return {
      delta: (piece) => event('content_block_delta', { index: at, delta: delta(piece) }),
      end: (whole) => {
        end(whole);
        event('content_block_stop', { index: at });
      },
    };
  };
  return {
    start() {
      if (stream) startStream(response, { 'request-id': newId('req_') });
      const usage = { input_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 1 };
      event('message_start', { message: { ...message, content: [], stop_reason: null, usage } });
      event('ping', {});
    },
    text: () =>
      block(
        { type: 'text', text: '' },
        (text) => ({ type: 'text_delta', text }),
        (text) => content.push({ type: 'text', text }),
      ),
    think: () =>
      block(
        { type: 'thinking', thinking: '', signature: '' },
        (thinking) => ({ type: 'thinking_delta', thinking }),
        (thinking) => {
          event('content_block_delta', { index, delta: { type: 'signature_delta', signature: SIGNATURE } });
          content.push({ type: 'thinking', thinking, signature: SIGNATURE });
        },
      ),
    tool({ name, input }) {
      const start = { type: 'tool_use', id: newId('toolu_'), name, input: {} };
      return block(
        start,
        (partial) => ({ type: 'input_json_delta', partial_json: partial }),
        () => content.push({ ...start, input }),
      );
    },
    end({ input, cached, output, calls }) {
      const stop = { stop_reason: calls ? 'tool_use' : 'end_turn', stop_sequence: null };
      const usage = {
        input_tokens: input - cached,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: cached,
        output_tokens: output,
      };
      if (!stream) return sendJson(response, { ...message, ...stop, usage });
      event('message_delta', { delta: stop, usage });
      event('message_stop', {});
      response.end();
    },
  };
};
