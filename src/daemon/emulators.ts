/** The emulators of a session's panes, and where what they say goes. */
import { distFile } from '../adapters/paths/dist.ts';
import { EmulatorPool } from '../adapters/terminal/pool.ts';
import { log } from './log.ts';
import type { Panes } from './panes.ts';
import type { SessionServer } from './server.ts';
import type { EvidenceKeeper } from './evidence/keeper.ts';

/** Threads that parse output: one core is left for everything else. */
const WORKERS = 2;

/** @param to is made after the emulators, and there before they say anything */
export function emulators(
  socketPath: string,
  server: SessionServer,
  to: { readonly panes: () => Panes; readonly evidence: () => EvidenceKeeper },
): EmulatorPool {
  const agentOf = (pane: number): string | undefined => to.panes().agentOf(pane);
  return new EmulatorPool({
    socketPath,
    workers: WORKERS,
    entry: distFile('emulator-worker.js'),
    events: {
      onRows: (pane, payload) => to.panes().rows(pane, payload),
      onSignals: (pane, given) => {
        const agent = agentOf(pane);
        if (agent === undefined) return;
        if (given.some(({ kind }) => kind === 'bell')) server.broadcast({ type: 'bell', agent });
        to.evidence().signals(agent, given);
      },
      onEnded: (pane) => to.panes().ended(pane),
      onReset: (pane, reason) => log(`pane ${pane} (${agentOf(pane) ?? '?'}): ${reason}`),
      onLines: (pane, lines) => {
        const agent = agentOf(pane);
        if (agent !== undefined) server.output(pane, agent, lines);
      },
      onDisconnected: (reason) => log(`emulators: ${reason}`),
    },
  });
}
