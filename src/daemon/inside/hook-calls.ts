/** A hook's own way into the daemon: one frame with what its CLI wrote, one with what it is to print. */
import type { Agent } from '../../core/model/agent.ts';
import type { HookCall } from '../../protocol/hook-frame.ts';
import type { Room } from '../room.ts';
import { firedOf } from './fired.ts';
import { answerOf } from './hook-answer.ts';
import type { HookDesk, HookLine } from './hook-desk.ts';

export class HookCalls {
  readonly #room: Pick<Room, 'state'>;
  readonly #desk: Pick<HookDesk, 'answer'>;

  constructor(room: Pick<Room, 'state'>, desk: Pick<HookDesk, 'answer'>) {
    this.#room = room;
    this.#desk = desk;
  }

  /** @returns what the hook is to print; '' lets its CLI go on as it would */
  async answer(call: HookCall, line: HookLine): Promise<string> {
    const agent = this.#speaker(call);
    if (agent === null) return '';
    const fired = firedOf(call);
    const said = answerOf(fired, await this.#desk.answer(agent, fired, line));
    return said === '' ? '' : `${said}\n`;
  }

  /** Only the run that has the token speaks for the agent; what an earlier run left behind has nothing to say. */
  #speaker({ token, agent }: HookCall): Agent | null {
    const named = Object.hasOwn(this.#room.state.agents, agent) ? this.#room.state.agents[agent]! : null;
    return token !== '' && named?.run?.token === token ? named : null;
  }
}
