/** Looks at the machine and the terminal; runs nothing but git, agents' programs and llmctl's own for hooks, which are asked for their version. */
import { agentRows } from './agents.ts';
import { gitRow, hooksRow, nativeRows, nodeRow } from './programs.ts';
import { fail } from './model.ts';
import type { DoctorFacts, DoctorRow } from './model.ts';
import { filesRow, folderRows, freezerRow, inotifyRow } from './system.ts';
import { colourRow, localeRow, multiplexerRow, terminalRow } from './terminal.ts';

type Look = (facts: DoctorFacts) => DoctorRow | DoctorRow[] | Promise<DoctorRow | DoctorRow[]>;

const LOOKS: readonly (readonly [name: string, look: Look])[] = [
  ['node', () => nodeRow()],
  ['git', gitRow],
  ['native', nativeRows],
  ['hooks', () => hooksRow()],
  ['sockets', folderRows],
  ['file watching', () => inotifyRow()],
  ['open files', () => filesRow()],
  ['pausing', () => freezerRow()],
  ['terminal', terminalRow],
  ['colours', colourRow],
  ['locale', localeRow],
  ['multiplexer', multiplexerRow],
  ['profiles', agentRows],
];

/** Never rejects; some 50 ms. Rows come in a fixed order. */
export async function examine(facts: DoctorFacts): Promise<readonly DoctorRow[]> {
  const found = await Promise.all(LOOKS.map(([name, look]) => safely(name, look, facts)));
  return found.flat();
}

async function safely(name: string, look: Look, facts: DoctorFacts): Promise<DoctorRow | DoctorRow[]> {
  try {
    return await look(facts);
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    return fail(name, `could not be looked at: ${why}`, 'report this as a bug of llmctl');
  }
}

/** The worst of all rows. */
export function worstState(rows: readonly DoctorRow[]): DoctorRow['state'] {
  if (rows.some((row) => row.state === 'fail')) return 'fail';
  return rows.some((row) => row.state === 'warn') ? 'warn' : 'ok';
}
