/** Rules that sort failures of checks, and thresholds that checks hold figures to. */
import { FAILURE_KINDS, patternOf, type KindRule } from '../../health/kinds.ts';
import type { Threshold } from '../../health/threshold.ts';
import { readText, shorten } from '../reader.ts';
import { id, percent, text, word } from '../shape/leaves.ts';
import { list, may, need, or, record } from '../shape/record.ts';
import type { Shape } from '../shape/shape.ts';
import { figure, limit } from './gate.ts';

/** A regular expression; one that isn't is told with its place. */
const pattern: Shape<string> = {
  schema: { type: 'string' },
  read(tree, what, { problems }) {
    const written = readText(tree, what, problems, { max: 500 });
    if (written === null) return null;
    if (patternOf(written) !== null) return written;
    const remedy = 'write a regular expression such as "took ([0-9.]+) s"';
    problems.error(tree.at, `${what} can't be "${shorten(written)}"; ${remedy}`);
    return null;
  },
};

const kind = need(word(FAILURE_KINDS), 'What such a failure is.', `write one of ${FAILURE_KINDS.join(', ')}`);

export const failureRule: Shape<KindRule> = record(
  {
    kind,
    match: may(
      pattern,
      'A pattern that finds it in the text of the failure; left out: all that llmctl takes for that kind.',
    ),
    agent: may(id, 'The agent that is told of it.'),
  },
  { noun: 'rule for failures', nameKey: 'kind', example: '- {kind: packaging, match: "setup.py", agent: a}' },
);

/** A profile knows kinds of failures, and no agents. */
const sortRule = record(
  { kind, match: need(pattern, 'A pattern that finds it in the text of the failure.', 'write "match: BUILD FAILED"') },
  { noun: 'rule for failures', nameKey: 'kind', example: '{kind: compile, match: BUILD FAILED}' },
);

const full = record(
  {
    name: need(text({ max: 80 }), 'What is measured.', 'write "name: parse time"'),
    metric: may(pattern, 'A pattern whose first group is the figure in the output; left out: the last number of all.'),
    limit: may(limit, 'What the figure must keep to: "< 5 s", ">= 80 %".'),
    baseline: may(figure, 'A figure, or a file that holds it, to compare with; `llmctl health baseline` writes it.'),
    tolerance: or(percent, 0, 'Percent by which it may be worse than the baseline.'),
    better: or(word(['lower', 'higher']), 'lower', 'Which way the figure gets better.'),
    unit: may(text({ max: 20 }), 'The unit of what is written without one.'),
  },
  { noun: 'threshold', nameKey: 'name', example: '- {name: parse time, metric: "took (\\\\S+) s", limit: "< 5 s"}' },
);

export const threshold: Shape<Threshold> = {
  schema: full.schema,
  read(tree, what, context) {
    const read = full.read(tree, what, context);
    if (read === null) return null;
    const { name, ...held } = read;
    const { limit: keeps, baseline, unit } = held;
    if (keeps === null && baseline === null) {
      context.problems.error(
        tree.at,
        `threshold "${shorten(name)}" is held to nothing; write "limit: < 5 s" or "baseline: FILE"`,
      );
      return null;
    }
    if (keeps !== null && keeps.unit === undefined && unit === null) {
      const remedy = `write one as in "limit: ${keeps.op} ${keeps.value} s", or "unit: items"`;
      context.problems.warning(
        tree.at,
        `threshold "${shorten(name)}" has no unit, and is compared whatever the figure's is; ${remedy}`,
      );
    }
    return { text: name, ...held };
  },
};

export const thresholds = list(threshold, 'a threshold', '- {name: time, limit: "< 5 s"}', 20);
export const failureRules = list(failureRule, 'a rule for failures', '- {kind: packaging, agent: a}', 100);
export const sortRules = list(sortRule, 'a rule for failures', '[{kind: compile, match: BUILD FAILED}]', 100);
