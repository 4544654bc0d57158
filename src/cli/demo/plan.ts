/** The demo's plan, as a file that a person may read and learn from. */
import { distFile } from '../../adapters/paths/dist.ts';
import { SCRIPTS } from './scripts/all.ts';

const PROMPTS: Readonly<Record<string, string>> = {
  ana: 'Add the operators % and ^. Tests first.',
  ben: 'Add functions such as sqrt and max to src/evaluate.js.',
  cleo: 'Add the constants tau and phi to src/evaluate.js. A wrong name should bring the nearest one.',
  dan: 'Print 0.1 + 0.2 as 0.3, and measure what that costs.',
};

/** YAML; every string that holds more than a word is quoted as JSON, which YAML 1.2 reads as it is. */
export function demoPlan(speed: number): string {
  const agents = SCRIPTS.flatMap(({ id, task, steps }) => {
    const todos = steps.flatMap((step) => (step.do === 'todo' ? [step.text] : []));
    const command = [process.execPath, distFile('demo-agent.js'), '--script', id, '--speed', String(speed)];
    return [
      `  - id: ${id}`,
      '    profile: demo',
      `    command: [${command.map((word) => JSON.stringify(word)).join(', ')}]`,
      `    task: ${JSON.stringify(task)}`,
      `    prompt: ${JSON.stringify(PROMPTS[id] ?? task)}`,
      '    todos:',
      ...todos.map((todo) => `      - ${JSON.stringify(todo)}`),
    ];
  });
  return [
    '# Four scripted agents on one small calculator. They really edit it, run its tests and commit.',
    'version: 1',
    'name: abacus',
    'health:',
    '  build: node --test',
    '# Who changes the same lines is paused and merged; both go on once the tests pass on what came of it.',
    'overlaps:',
    '  policy: merge',
    '  verify: build',
    'agents:',
    ...agents,
    'todos:',
    '  - "Watch ben and cleo meet in src/evaluate.js: paused, merged, told, resumed (c shows it)"',
    '  - "Answer ben: he asks for permission once"',
    '  - "Help dan: his benchmark never ends (Ctrl+C in his pane)"',
    '',
  ].join('\n');
}
