/** Tokens, cost and context as CLIs count them. */
import type { Usage } from '../../core/model/run-facts.ts';
import { oneLine } from '../../core/text.ts';
import { fields, number, type Fields } from './fields.ts';

/**
 * What Claude Code hands to its status line (https://docs.claude.com/en/docs/claude-code/statusline).
 * @returns the line that stands there
 */
export function statusFigures(name: string, said: Fields): { readonly usage: Usage | null; readonly line: string } {
  const context = fields(said.context_window);
  const cost = number(fields(said.cost).total_cost_usd);
  const contextUsed = number(context.used_percentage);
  const model = fields(said.model).display_name;
  const usage: Usage = { tokens: null, costUsd: cost, contextUsed, model: typeof model === 'string' ? model : null };
  const parts = [
    oneLine(name, 40),
    cost === null ? '' : `$${cost.toFixed(2)}`,
    contextUsed === null ? '' : `${Math.round(contextUsed)} % of context`,
  ];
  return { usage, line: parts.filter((part) => part !== '').join(' · ') };
}
