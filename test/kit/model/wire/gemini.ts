/** Gemini generateContent: https://ai.google.dev/api/generate-content */
import { newId, sendJson, startStream, type MakeWire } from './wire.ts';

export const gemini: MakeWire = (response, { model, stream }) => {
  const parts: object[] = [];
  const base = { modelVersion: model, responseId: newId('') };
  const event = (made: readonly object[], finish: object = {}, more: object = {}): void => {
    if (!stream) return;
    const candidates = [{ content: { role: 'model', parts: made }, index: 0, ...finish }];
    response.write(`data: ${JSON.stringify({ candidates, ...base, ...more })}\r\n\r\n`);
  };
  return {
    start() {
      if (stream) startStream(response);
    },
    text: () => ({ delta: (text) => event([{ text }]), end: (text) => parts.push({ text }) }),
    think: () => ({ delta: (text) => event([{ text, thought: true }]), end: () => {} }),
    tool: ({ name, input }) => ({
      delta: () => {},
      end: () => {
        const part = { functionCall: { name, args: input }, thoughtSignature: 'c3R1Yg==' };
        parts.push(part);
        event([part]);
      },
    }),
    end({ input, cached, output }) {
      const usageMetadata = {
        promptTokenCount: input,
        cachedContentTokenCount: cached,
        candidatesTokenCount: output,
        totalTokenCount: input + output,
      };
      if (stream) {
        event([{ text: '' }], { finishReason: 'STOP' }, { usageMetadata });
        response.end();
        return;
      }
      const candidates = [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }];
      sendJson(response, { candidates, usageMetadata, ...base });
    },
  };
};
