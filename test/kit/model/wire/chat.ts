/** OpenAI Chat Completions: https://platform.openai.com/docs/api-reference/chat-streaming */
import { newId, sendJson, startStream, type MakeWire } from './wire.ts';

export const chat: MakeWire = (response, { model, stream }) => {
  const base = { id: newId('chatcmpl-'), created: Math.floor(Date.now() / 1000), model };
  const calls: object[] = [];
  let said = '';
  const event = (delta: object, finish: string | null = null, more: object = {}): void => {
    if (!stream) return;
    const choices = [{ index: 0, delta, finish_reason: finish }];
    response.write(`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', choices, ...more })}\n\n`);
  };
  return {
    start() {
      if (!stream) return;
      startStream(response);
      event({ role: 'assistant', content: '' });
    },
    text: () => ({
      delta: (content) => {
        said += content;
        event({ content });
      },
      end: () => {},
    }),
    think: () => ({ delta: (piece) => event({ reasoning_content: piece }), end: () => {} }),
    tool({ name }) {
      const index = calls.length;
      const call = { id: newId('call_'), type: 'function' };
      calls.push(call);
      event({ tool_calls: [{ index, ...call, function: { name, arguments: '' } }] });
      return {
        delta: (piece) => event({ tool_calls: [{ index, function: { arguments: piece } }] }),
        end: (whole) => {
          calls[index] = { ...call, function: { name, arguments: whole } };
        },
      };
    },
    end(used) {
      const usage = {
        prompt_tokens: used.input,
        completion_tokens: used.output,
        total_tokens: used.input + used.output,
        prompt_tokens_details: { cached_tokens: used.cached },
      };
      const finish = used.calls ? 'tool_calls' : 'stop';
      if (stream) {
        event({}, finish, { usage });
        response.write('data: [DONE]\n\n');
        response.end();
        return;
      }
      const message = { role: 'assistant', content: said, ...(calls.length > 0 ? { tool_calls: calls } : {}) };
      const choices = [{ index: 0, message, finish_reason: finish }];
      sendJson(response, { ...base, object: 'chat.completion', choices, usage });
    },
  };
};
