/** The text of a first plan: what was found, with comments that say what else there is. */
import { checksOf, type FoundCheck, type Survey } from './finding.ts';

/**
 * @param agents ids of profiles whose programs are here; none: a shell stands in
 * @returns YAML that passes `plan check`
 */
export function firstPlan(name: string, survey: Survey, agents: readonly string[]): string {
  const checks = checksOf(survey);
  return [
    ...head(name),
    ...health(checks),
    ...workspace(survey),
    ...overlaps(survey),
    ...integration(checks),
    ...agentLines(agents),
    ...TASKS,
  ].join('\n');
}

function head(name: string): string[] {
  return [
    '# Who works on this repository, and what has to hold. `llmctl plan check` reads it, `llmctl plan schema` has every key.',
    'version: 1',
    `name: ${scalar(name)}`,
    '',
  ];
}

function health(checks: readonly FoundCheck[]): string[] {
  if (checks.length === 0) {
    return [
      '# No build or test command was found here. Each is a line of your shell; a landing has to pass them.',
      '# health:',
      '#   build: make',
      '#   test: { run: make test, timeout: 15m }',
      '',
    ];
  }
  return [
    '# Run on demand (b in the control room), and before work lands. A longer one: {run: …, timeout: 30m}',
    'health:',
    ...checks.map(({ name, run, from }) => `  ${name}: ${scalar(run)} # from ${comment(from)}`),
    '',
  ];
}

function workspace({ findings, copy }: Survey): string[] {
  const setup = findings.flatMap((finding) => finding.setup);
  const reflink = [...new Set(findings.flatMap((finding) => finding.reflink))];
  const lines = [
    '# Each agent works in a worktree and on a branch of its own; "kind: shared" has all of them in this checkout.',
    'workspace:',
    '  kind: worktree',
  ];
  if (copy.length > 0) {
    lines.push('  # Files that git leaves out, copied into each worktree.', `  copy: ${list(copy)}`);
  } else {
    lines.push('  # copy: [.env] # files that git leaves out and each worktree needs');
  }
  if (reflink.length > 0) {
    lines.push(
      '  # Cloned where the file system shares blocks, so that a first build is not from nothing.',
      `  reflink: ${list(reflink)}`,
    );
  }
  if (setup.length > 0) {
    lines.push(
      '  # Run in a new worktree before its agent starts.',
      '  setup:',
      ...setup.map(({ run, creates }) =>
        creates === null ? `    - ${scalar(run)}` : `    - { run: ${inFlow(run)}, creates: ${inFlow(creates)} }`,
      ),
    );
  } else {
    lines.push('  # setup: [make deps] # run in a new worktree before its agent starts');
  }
  return [...lines, ''];
}

function overlaps({ findings, union }: Survey): string[] {
  const locked = [...new Set(findings.flatMap(({ lockfiles }) => lockfiles))];
  const rules = [
    ...locked.map((file) => `    - { match: ${inFlow(file)}, policy: lock } # the first to touch it has it`),
    ...union.map((file) => `    - { match: ${inFlow(file)}, driver: union } # both get their lines`),
  ];
  return [
    '# Two agents change one file: merge (both are paused for a moment), pause (asks you first), warn, or lock.',
    'overlaps:',
    '  policy: merge',
    '  settleWithin: 15m # a conflict that nobody settles is put off, and both go on',
    ...(rules.length === 0 ? [] : ['  paths:', ...rules]),
    '',
  ];
}

function integration(checks: readonly FoundCheck[]): string[] {
  const gate = checks.filter(({ name }) => name === 'build' || name === 'test').map(({ name }) => name);
  if (gate.length === 0) return [];
  return [
    '# `llmctl land AGENT` takes its work in once these pass on the merged tree.',
    'integration:',
    `  checks: ${list(gate)}`,
    '',
  ];
}

function agentLines(agents: readonly string[]): string[] {
  if (agents.length === 0) {
    return [
      '# No agent CLI is on the PATH: a shell stands in. profile: claude, codex, gemini, opencode, or command: [any, program].',
      'agents:',
      '  - id: shell',
      '    profile: shell',
      '',
    ];
  }
  return [
    '# One entry for each that is to run; the same profile may run several times. Without a prompt it waits for you.',
    'agents:',
    ...agents.flatMap((profile) => [
      `  - id: ${scalar(profile)}`,
      `    profile: ${scalar(profile)}`,
      '    # prompt: What it shall do first.',
      '    # files: [src/] # what is its own',
    ]),
    '',
  ];
}

const TASKS = [
  '# Work in an order, each task briefed to its agent and proved when it is done:',
  '# tasks:',
  '#   - id: parser',
  '#     title: The new parser',
  '#     agent: …',
  '#     estimateHours: [2, 4]',
  '#     files: [src/parser/]',
  '#     acceptance: [It covers errors too]',
  '',
];

/** Words that YAML takes for something else than text. */
const SPECIAL = /^(?:true|false|null|yes|no|on|off|~|[-+]?\.?\d.*)$/i;

/** A text as a YAML value: plain where that is what it stays, else in quotes (JSON's are YAML's). */
function scalar(text: string): string {
  const plain = /^[\w./@][\w ./@=+%,-]*(?::[\w./-]+[\w ./@=+%,:-]*)?$/.test(text) && !/: | #|[ :]$/.test(text);
  return plain && !SPECIAL.test(text) ? text : JSON.stringify(text);
}

/** As `scalar`, inside `{ }` or `[ ]`, where a comma ends a value. */
function inFlow(text: string): string {
  return text.includes(',') ? JSON.stringify(text) : scalar(text);
}

function list(texts: readonly string[]): string {
  return `[${texts.map(inFlow).join(', ')}]`;
}

/** A file's name may hold a line end. */
function comment(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
