/** Steps of an emergency that take time: who broke it, out with that again, and what was printed into a file. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COORDINATOR, type Actor } from '../../core/model/agent.ts';
import type { ClientCommand } from '../../core/model/commands.ts';
import type { Emergency, EmergencyStep } from '../../core/model/watch.ts';
import { own } from '../../core/model/work.ts';
import { inquiryWords } from '../../core/select/inquiry.ts';
import type { Panes } from '../panes.ts';
import type { Room } from '../room.ts';

type RollbackCommand = Extract<ClientCommand, { type: 'landing.rollback' }>;

export interface StepParts {
  readonly room: Room;
  readonly panes: Pick<Panes, 'of' | 'text' | 'stats'>;
  /** Of the session's own files; absolute. */
  readonly stateDir: string;
  readonly blame: (name: string) => Promise<void>;
  readonly rollBack: (command: RollbackCommand, by: Actor) => Promise<void>;
}

const LINES = 500;

/** @returns what came of it, on one line. @throws Error with one line */
export async function carryOut(
  parts: StepParts,
  emergency: Emergency,
  what: EmergencyStep['do'],
  step: number,
): Promise<string> {
  switch (what) {
    case 'blame':
      return blame(parts, emergency);
    case 'rollback':
      return rollBack(parts, emergency);
    case 'collect-output':
      return collect(parts, emergency, step);
    default:
      throw new Error(`${what} takes no time`);
  }
}

/** What a search has found for this very commit stands. */
async function blame({ room, blame: search }: StepParts, { subject }: Emergency): Promise<string> {
  const name = subject.check!;
  const known = own(room.state.health, name);
  if (!known?.inquiry || known.inquiry.commit === '' || known.inquiry.verdict === 'green') await search(name);
  const inquiry = own(room.state.health, name)?.inquiry;
  return inquiry ? inquiryWords(name, inquiry) : `${name} is green again`;
}

async function rollBack({ room, rollBack: run }: StepParts, { subject }: Emergency): Promise<string> {
  const found = own(room.state.health, subject.check ?? '')?.inquiry?.blame;
  if (!found) throw new Error('nobody is to blame any more');
  const wanted = { type: 'landing.rollback', landing: found.landing, undo: false, untested: false } as const;
  const asked = room.dispatch({ ...wanted, by: COORDINATOR });
  if (!asked.ok) throw new Error(asked.refusal.refused);
  await run(wanted, COORDINATOR);
  return `the landing of ${found.agent} is out again`;
}

async function collect(
  { room, panes, stateDir }: StepParts,
  { id, subject }: Emergency,
  step: number,
): Promise<string> {
  const agents = subject.agent === null ? room.state.order : [subject.agent];
  const parts: string[] = [];
  const check = subject.check === null ? undefined : own(room.state.health, subject.check);
  if (check) parts.push(`== ${check.name}: ${check.state}, ${check.command}`, ...check.tail, '');
  for (const agent of agents) {
    const pane = panes.of(agent);
    if (!pane) continue;
    const { lines } = await panes.text(pane.pane, { lines: LINES, screen: false, ansi: false });
    parts.push(`== ${agent}`, ...lines, '');
  }
  if (parts.length === 0) throw new Error('there is no output');
  const folder = join(stateDir, 'emergencies');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${id}-${step + 1}.txt`);
  await writeFile(path, parts.join('\n'), { mode: 0o600 });
  return `written to ${path}`;
}
