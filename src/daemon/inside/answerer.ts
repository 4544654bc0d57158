/** Tells a CLI what was said to its question, through the way that it has for that. */
import type { Permission, Verdict } from '../../core/model/permission.ts';
import type { Room } from '../room.ts';
import type { HookReply } from './fired.ts';
import type { Waiters } from './waiters.ts';

export interface AnswererParts {
  readonly room: Room;
  readonly waiters: Waiters;
  /** Through the CLI's own API; false where it can't be reached. */
  readonly api: (permission: Permission, verdict: Verdict, reason: string) => Promise<boolean>;
  /** By keys, once the dialog on its screen was recognised; in words why not, null where it is done. */
  readonly keys: (permission: Permission, verdict: Verdict, reason: string) => Promise<string | null>;
}

export class Answerer {
  readonly #parts: AnswererParts;

  constructor(parts: AnswererParts) {
    this.#parts = parts;
  }

  /** Never rejects: what doesn't get through is an alert. */
  async tell(permission: Permission, verdict: Verdict, reason: string): Promise<void> {
    const trouble = await this.#say(permission, verdict, reason).catch((error: Error) => error.message);
    if (trouble === null) return;
    const { agent, text } = permission;
    const words = `the answer to agent ${agent} (${text}) did not get through: ${trouble}; answer in its pane`;
    this.#parts.room.dispatch({ type: 'alert', level: 'error', text: words, agent, cause: `permission:${agent}` });
  }

  async #say(permission: Permission, verdict: Verdict, reason: string): Promise<string | null> {
    const { waiters, api, keys } = this.#parts;
    // A rule's no is told to the hook that asks just now.
    if (permission.ref === 'policy') return null;
    const reply: HookReply = { verdict: verdict === 'deny' ? 'deny' : 'allow', reason: reason || 'a person said no' };
    if (permission.via === 'hook' && waiters.tell(permission.ref, reply)) return null;
    if (permission.via === 'api' && (await api(permission, verdict, reason))) return null;
    // What waited for it is gone with the daemon before this one: its dialog may still be there.
    return keys(permission, verdict, reason);
  }
}
