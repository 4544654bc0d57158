/** What the plan, or a person's earlier word, has to say to a question. */
import type { PermissionAsk, PermissionRule, Permissions } from '../model/permission.ts';
import { matches } from '../overlap/policy.ts';
import { fitsCommand, isSimple, parts } from './command-line.ts';

export interface Judgement {
  readonly verdict: 'allow' | 'deny';
  /** In words, for the journal; after a no, for the agent too. */
  readonly reason: string;
}

/** @returns null where a person is to say it */
export function judge({ rules, granted }: Permissions, agent: string, ask: PermissionAsk): Judgement | null {
  const index = rules.findIndex((rule) => applies(rule, agent, ask));
  const rule = rules[index];
  const place = `rule ${index + 1} of the plan's permissions`;
  if (rule?.answer === 'deny') return { verdict: 'deny', reason: rule.why === '' ? place : rule.why };
  if (rule?.answer === 'allow') return { verdict: 'allow', reason: place };
  const like = likeness(ask);
  const held = Object.hasOwn(granted, agent) && granted[agent]!.includes(like);
  // "ask" of the plan is about every time.
  return held && rule === undefined ? { verdict: 'allow', reason: `a person allows ${like} in this session` } : null;
}

/**
 * What is of the same kind: the same program, any edit in the agent's own tree, the same tool. A command line that does more than run one
 * program is like itself only.
 */
export function likeness({ kind, command, paths, tool, text }: PermissionAsk): string {
  if (kind === 'command' && command !== null)
    return isSimple(command) ? `command ${program(command)}` : `command ${command}`;
  if (kind === 'edit' || kind === 'read') {
    const outside = paths.filter((path) => path.startsWith('/'));
    return outside.length === 0 && paths.length > 0 ? kind : `${kind} ${outside.join(' ') || text}`;
  }
  return `tool ${tool || text}`;
}

/** Some programs are many: `git push` is not `git status`. */
const MANY = /^(?:git|gh|npm|pnpm|yarn|npx|docker|kubectl|cargo|go|make|just|systemctl|apt|apt-get|brew|pip|uv)$/;

function program(command: string): string {
  const [first = '', second = ''] = command.trim().split(/\s+/);
  return MANY.test(first) && second !== '' ? `${first} ${second}` : first;
}

function applies(rule: PermissionRule, agent: string, ask: PermissionAsk): boolean {
  const { tools, paths, commands, agents, answer } = rule;
  if (agents.length > 0 && !agents.includes(agent)) return false;
  if (tools.length > 0 && !tools.some((name) => name === ask.kind || name === ask.tool)) return false;
  if (paths.length > 0) {
    const fits = (path: string): boolean => paths.some((pattern) => !path.startsWith('/') && matches(pattern, path));
    if (ask.paths.length === 0 || !(answer === 'allow' ? ask.paths.every(fits) : ask.paths.some(fits))) return false;
  }
  return commands.length === 0 || (ask.command !== null && commandApplies(commands, ask.command, answer));
}

function commandApplies(patterns: readonly string[], command: string, answer: PermissionRule['answer']): boolean {
  const fits = (line: string): boolean => patterns.some((pattern) => fitsCommand(pattern, line));
  if (answer === 'allow') return isSimple(command) && fits(command);
  return fits(command) || parts(command).some(fits);
}
