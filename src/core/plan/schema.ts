/** The JSON Schema of plans, made from the shapes that read them; what is read by hand has its schema here. */
import { DEFAULT_MERGE_POLICY, OVERLAP_POLICIES } from '../model/overlap.ts';
import { INCLUDE } from './include.ts';
import { AGENT_WORK } from './sections/agent.ts';
import { SECTIONS } from './sections/all.ts';
import { thresholds } from './sections/failures.ts';
import { fieldsSchema } from './shape/record.ts';
import { command, duration } from './shape/leaves.ts';
import type { JsonSchema } from './shape/shape.ts';

const TEXT: JsonSchema = { type: 'string', minLength: 1 };
const FLAG: JsonSchema = { type: 'boolean' };
const DURATION = duration(1, 24 * 3_600_000).schema;

function about(schema: JsonSchema, description: string): JsonSchema {
  return { ...schema, description };
}

function listOf(items: JsonSchema, description: string): JsonSchema {
  return { type: 'array', items, description };
}

function map(properties: Readonly<Record<string, JsonSchema>>, required: readonly string[] = []): JsonSchema {
  const must = required.length === 0 ? {} : { required };
  return { type: 'object', properties, ...must, patternProperties: { '^x-': true }, additionalProperties: false };
}

const TODO: JsonSchema = { anyOf: [TEXT, map({ text: TEXT, done: FLAG }, ['text'])] };
const KIND: JsonSchema = { enum: ['worktree', 'shared'] };
const POLICY: JsonSchema = { enum: OVERLAP_POLICIES };

const AGENT: JsonSchema = {
  ...fieldsSchema(AGENT_WORK, {
    id: {
      type: ['string', 'integer'],
      description: 'Its name: also a branch, a folder and a word on the command line.',
    },
    name: about(TEXT, 'What it is called on the screen.'),
    command: about(
      { anyOf: [TEXT, { type: 'array', items: { type: ['string', 'number', 'boolean'] } }] },
      'A program.',
    ),
    profile: about(TEXT, 'claude, codex, gemini, opencode, shell, demo, or one of your own.'),
    cwd: about(TEXT, 'Its folder inside the repository.'),
    env: { type: 'object', additionalProperties: { type: ['string', 'number', 'boolean', 'null'] } },
    workspace: about(KIND, 'A worktree of its own, or the checkout that all share.'),
    task: about(TEXT, 'What it does, in a line, where it has no tasks.'),
    todos: listOf(TODO, 'Lines to tick off.'),
  }),
  required: ['id'],
};

const WORKSPACE: JsonSchema = {
  anyOf: [
    KIND,
    map({
      kind: KIND,
      copy: listOf(TEXT, 'Patterns of files that git leaves out and a new worktree gets a copy of.'),
      reflink: listOf(TEXT, 'Folders that are cloned where the file system shares blocks.'),
      setup: listOf({ anyOf: [TEXT, map({ run: TEXT, creates: TEXT }, ['run'])] }, 'Commands that make it usable.'),
      ports: { type: 'integer', minimum: 0, maximum: 1000, description: "Ports that are one agent's alone." },
    }),
  ],
};

const OVERLAPS: JsonSchema = {
  anyOf: [
    POLICY,
    map({
      policy: { ...POLICY, default: DEFAULT_MERGE_POLICY.policy },
      scope: { enum: ['paths', 'tree'], default: DEFAULT_MERGE_POLICY.scope },
      settleWithin: about(DURATION, 'How long a conflict may wait for a person.'),
      verify: about(TEXT, 'A health check to run on the result.'),
      mergeAgent: about(TEXT, 'The agent that settles conflicts.'),
      paths: listOf(
        map({ match: TEXT, policy: POLICY, driver: { enum: ['union', 'A', 'B'] }, regenerate: TEXT }, ['match']),
        'Rules for some paths.',
      ),
    }),
  ],
};

const STEP: JsonSchema = { enum: ['auto', 'ask', 'off'] };

const RED: JsonSchema = {
  anyOf: [
    { enum: ['blame', 'rollback', 'off'] },
    map({ blame: STEP, pause: STEP, rollback: STEP, others: { enum: ['go-on', 'pause'] } }),
  ],
};

const INTEGRATION: JsonSchema = {
  anyOf: [
    TEXT,
    map({
      branch: TEXT,
      checks: listOf(TEXT, 'Health checks that must pass before the branch moves.'),
      forward: { enum: ['idle', 'turn', 'off'] },
      land: { enum: ['done', 'off'] },
      red: about(RED, 'What happens when a check of the branch is red.'),
      message: about(TEXT, 'Template of the merge commit.'),
    }),
  ],
};

const MOMENT: JsonSchema = { enum: ['land', 'change', 'schedule', 'hand'] };

const HEALTH: JsonSchema = {
  type: 'object',
  additionalProperties: {
    anyOf: [
      command.schema,
      map(
        {
          run: command.schema,
          timeout: DURATION,
          on: { anyOf: [MOMENT, { type: 'array', items: MOMENT }] },
          quiet: DURATION,
          every: DURATION,
          in: { enum: ['integration', 'agent', 'repository'] },
          tell: { enum: ['auto', 'ask', 'off'] },
          thresholds: about(thresholds.schema, 'Figures in its output that it is held to.'),
        },
        ['run'],
      ),
    ],
  },
};

/** The whole schema, for editors: draft 2020-12. */
export function planSchema(): JsonSchema & { readonly $schema: string; readonly title: string } {
  const plan = fieldsSchema(SECTIONS, {
    version: { const: 1, description: 'The version of this format.' },
    name: about({ ...TEXT, maxLength: 80 }, 'What the plan is called.'),
    [INCLUDE]: { anyOf: [TEXT, { type: 'array', items: TEXT }], description: 'Files with further parts of the plan.' },
    base: about(TEXT, 'The branch that the work starts from.'),
    workspace: about(WORKSPACE, 'Where agents work.'),
    overlaps: about(OVERLAPS, 'What is done where two agents change one file.'),
    integration: about(INTEGRATION, 'The branch that work lands on.'),
    health: about(HEALTH, 'Commands that tell whether the project is well.'),
    agents: { ...listOf(AGENT, 'Who does the work.'), minItems: 1, maxItems: 64 },
    todos: listOf(TODO, 'Lines to tick off.'),
  });
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'llmctl plan',
    ...plan,
    required: ['version', 'name', 'agents'],
  };
}
