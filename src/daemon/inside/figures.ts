/** What an agent used, in words for the line below its input box. */
import type { Usage } from '../../core/model/run-facts.ts';
import { oneLine } from '../../core/text.ts';

/** @param name of the agent */
export function statusLine(name: string, usage: Usage | null): string {
  const { costUsd = null, contextUsed = null } = usage ?? {};
  const parts = [
    oneLine(name, 40),
    costUsd === null ? '' : `$${costUsd.toFixed(2)}`,
    contextUsed === null ? '' : `${Math.round(contextUsed)} % of context`,
  ];
  return parts.filter((part) => part !== '').join(' · ');
}
