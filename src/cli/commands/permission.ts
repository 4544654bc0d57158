/** permission: what agents ask before they do it, and the answers. */
import type { State } from '../../core/model/state.ts';
import type { Verdict } from '../../core/model/permission.ts';
import { permissionDocuments } from '../../core/select/permission-documents.ts';
import { showControls } from '../../core/text.ts';
import type { CommandLine } from '../define.ts';
import { command, snapshot } from '../requests.ts';
import { age, columns } from '../table.ts';

export async function list({ context }: CommandLine): Promise<void> {
  await context.withSession(async (connection) => {
    const { state } = await snapshot(connection);
    const { rules, granted } = state.permissions;
    const document = { permissions: permissionDocuments(state), rules, granted };
    context.answer(document, permissionTable(state, Date.now()) || 'no agent asks for a permission');
  });
}

/** With what would be changed below each; '' where nobody asks. */
export function permissionTable(state: State, now: number): string {
  const rows = Object.values(state.permissions.waiting).map(({ id, agent, at, text }) => [
    id,
    agent,
    age(at, now),
    showControls(text),
  ]);
  return rows.length === 0 ? '' : columns([['PERMISSION', 'AGENT', 'SINCE', 'ASKS TO'], ...rows]);
}

export async function answer(verdict: Verdict, { context, args }: CommandLine): Promise<void> {
  const [permission, why = []] = args as [string, (readonly string[])?];
  const reason = why.join(' ');
  await context.withSession(async (connection) => {
    await command(connection, { type: 'permission.answer', permission, verdict, reason });
    const words = { allow: 'allowed', always: 'allowed from now on', deny: 'denied' } as const;
    context.answer({ ok: true, permission, verdict, reason }, `${permission}: ${words[verdict]}`);
  });
}
