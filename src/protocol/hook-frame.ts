/**
 * What a hook of an agent's CLI sends, in one frame and before any greeting: fields that each end in NUL (version of this layout, token of
 * the run, agent, name of the hook, its working directory), then the CLI's own text as it came. The daemon answers with a `hookAnswer`,
 * and with a `hookWait` before it where a person is to say it. native/hook.c writes and reads the same.
 */
import { encodeFrame, MAX_PAYLOAD_BYTES } from './framing.ts';
import { FRAME } from './messages.ts';

const LAYOUT = '1';
const FIELDS = 5;

export interface HookCall {
  readonly token: string;
  readonly agent: string;
  /** As the profile names it; '' where the text does. */
  readonly name: string;
  readonly cwd: string;
  /** What the CLI wrote to the hook's standard input. */
  readonly text: Buffer;
}

/** @returns null where it doesn't fit a frame: nobody is to be told then */
export function encodeHookCall({ token, agent, name, cwd, text }: HookCall): Buffer | null {
  const fields = [LAYOUT, token, agent, name, cwd].map((field) =>
    Buffer.from(`${field.replaceAll('\0', '')}\0`, 'utf8'),
  );
  const payload = Buffer.concat([...fields, text]);
  return payload.length > MAX_PAYLOAD_BYTES ? null : encodeFrame(FRAME.hook, payload);
}

/**
 * @param payload is copied from where it is to be kept
 * @returns null where it is of another layout
 */
export function decodeHookCall(payload: Buffer): HookCall | null {
  const fields: string[] = [];
  let at = 0;
  while (fields.length < FIELDS) {
    const end = payload.indexOf(0, at);
    if (end < 0) return null;
    fields.push(payload.toString('utf8', at, end));
    at = end + 1;
  }
  const [layout, token, agent, name, cwd] = fields as [string, string, string, string, string];
  return layout === LAYOUT ? { token, agent, name, cwd, text: Buffer.from(payload.subarray(at)) } : null;
}
