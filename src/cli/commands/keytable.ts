/** help keys: the control room's keys, from the very table that drives it. */
import { CONTEXT_TITLES, KEY_CONTEXTS } from '../../tui/keys/binding.ts';
import { BINDINGS } from '../../tui/keys/bindings.ts';
import { keyNames } from '../../tui/keys/markdown.ts';
import type { Context } from '../context.ts';
import { columns } from '../table.ts';

export function keyTable(context: Context): void {
  const document = BINDINGS.map(({ id, keys, when, title, description }) => ({ id, keys, when, title, description }));
  const parts = KEY_CONTEXTS.flatMap((name) => {
    const rows = BINDINGS.filter(({ when }) => when[0] === name).map((binding) => [
      `  ${keyNames(binding).join(' ')}`,
      binding.id,
      binding.description,
    ]);
    return rows.length === 0 ? [] : [`${CONTEXT_TITLES[name]}\n${columns(rows)}`];
  });
  context.answer({ keys: document }, parts.join('\n\n'));
}
