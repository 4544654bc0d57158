/** doctor: what this machine and this terminal can do. */
import type { CommandLine } from '../define.ts';

export async function doctor({ context }: CommandLine): Promise<void> {
  context.answer({}, '');
}
