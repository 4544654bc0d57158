/** Plays a script: one step after the other, messages answered in between, an interruption never the end of it. */
import type { Agent } from './agent.ts';
import { agentSays, banner, diff, ranResult, todoList, toolHead, toolResult } from './blocks.ts';
import { react } from './chat.ts';
import { pendingAnswer } from './face.ts';
import type { Step } from './script.ts';
import { dim, fg, GREEN, RED } from './style.ts';
import { commit, countLines, edit, run, search, write } from './tools.ts';

/** Seconds a word takes to appear, at speed 1. */
const WORD_SECONDS = 0.06;
const THOUGHTS = ['Pondering', 'Reading', 'Considering', 'Puzzling', 'Weighing it', 'Working it out'];

export async function play(agent: Agent, root: string): Promise<never> {
  const { script } = agent;
  agent.print(banner(script, root, agent.cols));
  agent.words.title('ready');
  agent.words.state('idle', 'ready');
  agent.idle();
  await agent.untilMessage(script.patience);
  // The prompt of the plan, where one came, is the beginning of the work and no interruption of it.
  agent.takeMessage();
  agent.words.state('working', script.task);
  for (const step of script.steps) {
    await answerMessages(agent, root);
    agent.busy(THOUGHTS[Math.floor(agent.random() * THOUGHTS.length)]!);
    await perform(agent, root, step);
    if (agent.signal.aborted) await interrupted(agent, root);
    await agent.pause(1 + 1.5 * agent.random());
  }
  agent.words.state('done', script.task);
  agent.words.title(`done: ${script.task}`);
  for (;;) {
    agent.idle();
    await agent.untilMessage();
    agent.newTurn();
    agent.words.state('working', 'answering');
    await answerMessages(agent, root);
    agent.words.state('done', script.task);
    agent.words.title(`done: ${script.task}`);
  }
}

async function answerMessages(agent: Agent, root: string): Promise<void> {
  for (let message = agent.takeMessage(); message !== undefined; message = agent.takeMessage()) {
    await react(agent, message, (step) => perform(agent, root, step));
  }
}

async function interrupted(agent: Agent, root: string): Promise<void> {
  agent.print(toolResult(fg(RED, 'Interrupted · what should I do instead?')));
  agent.words.state('question', 'interrupted: what should I do instead?');
  agent.words.title('interrupted');
  agent.newTurn();
  agent.idle('Interrupted · type something and it goes on');
  await agent.untilMessage();
  agent.words.state('working', agent.script.task);
  await answerMessages(agent, root);
}

export async function perform(agent: Agent, root: string, step: Step): Promise<void> {
  switch (step.do) {
    case 'say':
      return say(agent, step.text);
    case 'think':
      agent.busy(step.about);
      agent.words.title(step.about);
      return agent.pause(step.seconds);
    case 'read': {
      agent.words.title(`reading ${step.path}`);
      await agent.pause(1);
      const lines = countLines(root, step.path);
      const result = lines === null ? fg(RED, 'File not found') : `Read ${lines} lines`;
      return agent.print([toolHead('Read', step.path, GREEN), ...toolResult(result)]);
    }
    case 'search': {
      await agent.pause(0.8);
      const found = search(root, step.word).map(({ path, count }) => `${path}:${count}`);
      return agent.print([toolHead('Search', step.word, GREEN), ...toolResult(found.join('  ') || 'nothing found')]);
    }
    case 'edit': {
      agent.words.title(`editing ${step.path}`);
      await agent.pause(2.5);
      if (agent.signal.aborted) return;
      const edited = edit(root, step.path, step.find, step.put);
      if (edited) return agent.print([toolHead('Update', step.path, GREEN), ...diff(step.path, edited)]);
      return agent.print([
        toolHead('Update', step.path, RED),
        ...toolResult(dim('The text to replace is not there any more: somebody changed it, so I leave it alone.')),
      ]);
    }
    case 'write': {
      agent.words.title(`writing ${step.path}`);
      await agent.pause(2.5);
      if (agent.signal.aborted) return;
      const lines = write(root, step.path, step.text);
      const head = step.text.split('\n').slice(0, 6);
      const shown = { at: 1, before: [], removed: [], added: head, after: [] };
      const body = diff(step.path, shown).slice(1, -1);
      const title = toolResult(`Wrote ${lines} lines to ${step.path}`).slice(0, 1);
      return agent.print([
        toolHead('Write', step.path, GREEN),
        ...title,
        ...body,
        { text: dim(`     … +${Math.max(0, lines - 6)} lines`) },
        { text: '' },
      ]);
    }
    case 'run': {
      const head = toolHead('Bash', shown(step.argv), GREEN);
      agent.busy('Running');
      agent.words.title(`running ${shown(step.argv)}`);
      agent.pending([head, ...toolResult(dim('Running…'))]);
      await agent.pause(0.6);
      const ran = await run(root, step.argv, agent.signal);
      return agent.print([head, ...ranResult(ran, step.fails === true)]);
    }
    case 'commit': {
      agent.words.title(`committing: ${step.message}`);
      await agent.pause(0.6);
      const ran = await commit(root, step.message, step.paths, agent.signal);
      return agent.print([
        toolHead('Bash', `git commit -m ${JSON.stringify(step.message)}`, GREEN),
        ...ranResult(ran, false),
      ]);
    }
    case 'progress':
      return agent.words.progress(step.percent, step.text);
    case 'todo':
      return agent.words.checkTodo(step.text);
    case 'ask': {
      const yes = await agent.ask(step.command);
      agent.print(toolResult(yes ? fg(GREEN, 'Allowed') : fg(RED, 'Declined')));
      for (const next of yes ? step.yes : step.no) await perform(agent, root, next);
      return;
    }
    case 'stall':
      return stall(agent, root, step.argv, step.seconds);
    case 'list':
      return agent.print(todoList(step.items, step.done));
  }
}

async function say(agent: Agent, text: string): Promise<void> {
  const { color } = agent.script;
  const words = text.split(' ');
  agent.busy('Writing');
  for (let i = 1; i < words.length && !agent.signal.aborted; i++) {
    agent.pending(pendingAnswer(words.slice(0, i).join(' '), color));
    await agent.pause(WORD_SECONDS * (0.5 + agent.random()));
  }
  agent.print(agentSays(text, color));
}

async function stall(agent: Agent, root: string, argv: readonly string[], seconds: number): Promise<void> {
  const head = toolHead('Bash', shown(argv), GREEN);
  agent.busy(`Waiting for ${shown(argv)}`, 'no output yet');
  agent.pending([head, ...toolResult(dim('Running…'))]);
  const giveUp = new AbortController();
  const ran = run(root, argv, AbortSignal.any([giveUp.signal, agent.signal]));
  // First it only hopes; then it says that it needs somebody.
  await Promise.race([agent.pause(seconds / 3), ran]);
  if (!agent.signal.aborted) {
    agent.busy(`Waiting for ${shown(argv)}`, 'still no output');
    agent.words.state('blocked', `${shown(argv)} prints nothing: Ctrl+C in my pane stops it`);
    await Promise.race([agent.pause((seconds * 2) / 3), ran]);
  }
  giveUp.abort();
  await ran;
  if (agent.signal.aborted) return agent.print([head, ...toolResult(fg(RED, 'Interrupted'))]);
  agent.words.state('working', agent.script.task);
  agent.print([head, ...toolResult(fg(RED, 'No output for a long time: given up'))]);
}

function shown(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w./=:-]+$/.test(word) ? word : JSON.stringify(word))).join(' ');
}
