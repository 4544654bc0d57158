/** The plan's graph as Mermaid, as Graphviz dot, and as a schedule to read in a terminal. */
import type { PlanAnalysis } from '../check/figures.ts';
import { hoursText } from '../prompt/values.ts';
import { oneLine } from '../../text.ts';
import type { Plan } from '../model.ts';
import { schedule } from './schedule.ts';

/** Ids as both languages take them: node names of their own, so that no id can be taken for syntax. */
function nodeName(at: number): string {
  return `n${at}`;
}

function quoted(text: string): string {
  return oneLine(text, 120).replaceAll('\\', '\\\\').replaceAll('"', "'");
}

interface Drawn {
  readonly label: string;
  readonly kind: string;
  readonly critical: boolean;
}

function nodesOf({ graph, timing }: PlanAnalysis): readonly Drawn[] {
  const critical = new Set(timing.critical.tasks);
  return graph.nodes.map(({ id, kind, task }) => {
    const parts = [id, task?.title, task?.agent, task?.estimateHours ? hoursText(task.estimateHours) : null];
    const label = quoted(parts.filter((part) => typeof part === 'string' && part !== '').join(' · '));
    return { label, kind, critical: critical.has(id) };
  });
}

export function mermaidGraph(plan: Plan, analysis: PlanAnalysis): string {
  const shapes: Readonly<Record<string, readonly [string, string]>> = {
    task: ['["', '"]'],
    gate: ['{"', '"}'],
    milestone: ['(["', '"])'],
    phase: ['[["', '"]]'],
  };
  const drawn = nodesOf(analysis);
  const nodes = drawn.map(({ label, kind }, at) => {
    const [open, close] = shapes[kind]!;
    // A "#" would begin an entity.
    return `  ${nodeName(at)}${open}${label.replaceAll('#', '#35;')}${close}`;
  });
  const edges = analysis.graph.edges.map(
    ({ from, to, share }) => `  ${nodeName(from)} ${share < 1 ? '-.->' : '-->'} ${nodeName(to)}`,
  );
  const marked = drawn.flatMap(({ critical }, at) => (critical ? [nodeName(at)] : []));
  const style =
    marked.length === 0 ? [] : ['  classDef critical stroke-width:3px', `  class ${marked.join(',')} critical`];
  return [`%% ${quoted(plan.name)}`, 'flowchart LR', ...nodes, ...edges, ...style].join('\n');
}

export function dotGraph(plan: Plan, analysis: PlanAnalysis): string {
  const shapes: Readonly<Record<string, string>> = {
    task: 'box',
    gate: 'diamond',
    milestone: 'ellipse',
    phase: 'folder',
  };
  const nodes = nodesOf(analysis).map(({ label, kind, critical }, at) => {
    const width = critical ? ', penwidth=3' : '';
    return `  ${nodeName(at)} [label="${label}", shape=${shapes[kind]!}${width}];`;
  });
  const edges = analysis.graph.edges.map(
    ({ from, to, share }) => `  ${nodeName(from)} -> ${nodeName(to)}${share < 1 ? ' [style=dashed]' : ''};`,
  );
  return [`digraph "${quoted(plan.name)}" {`, '  rankdir=LR;', ...nodes, ...edges, '}'].join('\n');
}

const BAR = 40;

/** Rows of a schedule: critical, id, agent, from, to, slack, bar, what it waits for. */
export function scheduleRows(plan: Plan, analysis: PlanAnalysis): readonly (readonly string[])[] {
  const { tasks, hours } = schedule(analysis);
  const scale = hours === 0 ? 0 : BAR / hours;
  const waits = new Map(plan.tasks.map(({ id, dependsOn }) => [id, dependsOn.map(({ target }) => target)]));
  const rows = tasks.map(({ id, agent, start, end, critical, slack }) => {
    const begin = Math.min(BAR - 1, Math.floor(start * scale));
    const length = Math.max(1, Math.round((end - start) * scale));
    const bar = `${'·'.repeat(begin)}${(critical ? '█' : '▒').repeat(Math.min(length, BAR - begin))}`.padEnd(BAR, '·');
    const after = waits.get(id) ?? [];
    return [
      critical ? '*' : ' ',
      oneLine(id, 40),
      oneLine(agent, 40),
      `${start}`,
      `${end}`,
      critical ? '' : `+${slack}`,
      bar,
      after.length === 0 ? '' : `after ${after.join(', ')}`,
    ];
  });
  return [['', 'task', 'agent', 'from', 'to', 'slack', '', ''], ...rows];
}
