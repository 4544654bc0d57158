import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameDecoder, MAX_PAYLOAD_BYTES } from './framing.ts';
import { decodeHookCall, encodeHookCall, type HookCall } from './hook-frame.ts';
import { FRAME } from './messages.ts';

const call: HookCall = { token: 't', agent: 'ana', name: 'Stop', cwd: '/w', text: Buffer.from('{}') };

describe('a call of a hook', () => {
  it('comes out as it went in, whatever its text holds', () => {
    const field = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll('\0', ''));
    const calls = fc.record({ token: field, agent: field, name: field, cwd: field, text: fc.uint8Array() });
    fc.assert(
      fc.property(calls, (made) => {
        const sent = { ...made, text: Buffer.from(made.text) };
        const got: unknown[] = [];
        new FrameDecoder().push(encodeHookCall(sent)!, ({ type, payload }) =>
          got.push([type, decodeHookCall(payload)]),
        );
        expect(got).toEqual([[FRAME.hook, sent]]);
      }),
    );
  });

  it('has its fields for itself: a NUL in one starts no other', () => {
    const frame = encodeHookCall({ ...call, name: 'a\0b' })!;
    expect(decodeHookCall(frame.subarray(5))).toEqual({ ...call, name: 'ab' });
  });

  it('is none where it is of another layout, cut, or larger than a frame', () => {
    const payload = encodeHookCall(call)!.subarray(5);
    expect(decodeHookCall(payload)).toEqual(call);
    expect(decodeHookCall(Buffer.concat([Buffer.from('2'), payload.subarray(1)]))).toBeNull();
    for (const length of [0, 1, 5, payload.length - 3]) expect(decodeHookCall(payload.subarray(0, length))).toBeNull();
    expect(encodeHookCall({ ...call, text: Buffer.alloc(MAX_PAYLOAD_BYTES) })).toBeNull();
  });
});
