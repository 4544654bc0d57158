/** Answers to dialogs by keys: only into one that its profile recognises on the screen just then. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent, AgentId } from '../../core/model/agent.ts';
import type { Permission, Verdict } from '../../core/model/permission.ts';
import type { ScreenRule } from '../../core/profile/profile.ts';
import { keysToBytes } from '../keys.ts';
import type { Panes } from '../panes.ts';
import type { Room } from '../room.ts';

export interface DialogKeysParts {
  readonly room: Room;
  readonly panes: Panes;
  /** Keys for the dialog that stands on the screen now; null where none is recognised. */
  readonly dialog: (agent: AgentId) => ScreenRule['answer'];
}

/** Between hook and picture: the dialog may be about to be drawn. */
const APPEARS_MS = 3_000;
const LOOK_MS = 100;
/** An input box for the reason takes the dialog's place. */
const BOX_MS = 600;

/** @returns why it could not be done; null where it is */
export async function pressAnswer(
  { room, panes, dialog }: DialogKeysParts,
  { agent: id }: Permission,
  verdict: Verdict,
  reason: string,
): Promise<string | null> {
  const answer = await appearing(() => dialog(id));
  if (answer === null) return 'no dialog is recognised on its screen';
  // "always" is llmctl's own: what the CLI would make of it holds for more than what is alike.
  const keys = verdict === 'deny' ? answer.deny : answer.allow;
  const pane = panes.of(id);
  if (pane === undefined) return 'it has no terminal';
  const named = keysToBytes(keys, await panes.modes(pane.pane));
  if (!named.ok) return named.error;
  panes.write(pane.pane, Buffer.from(named.bytes));
  if (verdict !== 'deny' || reason === '' || !answer.why) return null;
  await sleep(BOX_MS);
  if (isLive(room.state.agents[id])) room.dispatch({ type: 'agent.send', agent: id, text: reason, enter: true });
  return null;
}

async function appearing(look: () => ScreenRule['answer']): Promise<ScreenRule['answer']> {
  const end = performance.now() + APPEARS_MS;
  for (;;) {
    const found = look();
    if (found !== null || performance.now() > end) return found;
    await sleep(LOOK_MS);
  }
}

function isLive(agent: Agent | undefined): boolean {
  return agent?.run !== undefined && agent.run !== null;
}
