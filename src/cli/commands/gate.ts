/** gate: gates of the plan by hand. */
import type { State } from '../../core/model/state.ts';
import { gateDocuments } from '../../core/select/work-documents.ts';
import { showControls } from '../../core/text.ts';
import type { CommandLine } from '../define.ts';
import { command, snapshot } from '../requests.ts';
import { columns } from '../table.ts';

export async function list({ context }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    const { state } = await snapshot(connection);
    context.answer(
      { gates: gateDocuments(state) },
      gateTable(state) || 'no gates: the plan has none, or there is no plan',
    );
  });
}

/** '' where there are none. */
export function gateTable(state: State): string {
  const rows = gateDocuments(state).flatMap((gate) => {
    const stands = gate.asked ? 'asks you' : gate.state;
    const why = gate.reason === '' ? '' : `: ${gate.reason}`;
    const head = [gate.id, stands, showControls(`${gate.title}${why}`)];
    const checks = gate.checks.map(({ kind, text, state: found, said }) => {
      const evidence = said === '' || said.startsWith(text) ? said || text : `${text}: ${said}`;
      return ['', `  ${kind}`, showControls(`${found}: ${evidence}`)];
    });
    return [head, ...checks];
  });
  return rows.length === 0 ? '' : columns([['GATE', 'STATE', ''], ...rows]);
}

export async function decide(
  verb: 'run' | 'pass' | 'fail' | 'waive',
  { context, args, options }: CommandLine,
): Promise<void> {
  const gate = args[0] as string;
  const force = options.force === true;
  const reason = typeof options.reason === 'string' ? options.reason : '';
  await context.withSession(async (connection) => {
    switch (verb) {
      case 'run':
        await command(connection, { type: 'gate.run', gate, force });
        break;
      case 'pass':
      case 'fail':
        await command(connection, { type: `gate.${verb}`, gate, reason, force });
        break;
      case 'waive':
        await command(connection, { type: 'gate.waive', gate, reason });
        break;
    }
    const { state } = await snapshot(connection);
    const found = gateDocuments(state).find((one) => one.id === gate) ?? null;
    const words = found?.asked === true ? 'waits for your word' : `is ${found?.state ?? 'gone'}`;
    context.answer({ ok: true, gate: found }, `gate ${gate} ${words}`);
  });
}
