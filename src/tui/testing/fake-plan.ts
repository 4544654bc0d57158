/** A session with a plan for component tests: what keys ask of it is decided and folded as the daemon does. */
import { LlmctlError } from '../../client/error.ts';
import type { ClientCommand, Command } from '../../core/model/commands.ts';
import { AGENTS, WorkSession, planOf } from '../../core/working.testkit.ts';
import { fakeAgent } from './fake-agent.ts';
import { FAKE_NOW, FakeRoom } from './fake-room.ts';

/** Milliseconds before now at which the plan was taken. */
const BEFORE = 3_600_000;

/** Two phases, a milestone, a gate that asks and one that a command decides, a handover; a conflict of nothing. */
export const PARTS = {
  phases: [
    { id: 'base', title: 'The base' },
    { id: 'top', title: 'All the rest' },
  ],
  tasks: [
    {
      id: 'lexer',
      title: 'Cut text into tokens',
      agent: 'ana',
      phase: 'base',
      estimateHours: 4,
      files: ['src/lexer.ts'],
      deliverables: ['The lexer', { text: 'Its page', path: 'docs/lexer.md' }],
      acceptance: ['Errors name a line'],
      prompt: 'Write {{task.title}}.\nChange only:\n{{task.files}}',
    },
    { id: 'cli', title: 'The command line', agent: 'ben', phase: 'base', estimateHours: [1, 2] },
    { id: 'parser', agent: 'ana', phase: 'top', estimateHours: 6, dependsOn: ['lexer'] },
    { id: 'docs', agent: 'cleo', phase: 'top', estimateHours: 1, dependsOn: [{ task: 'lexer', on: 'started' }] },
    { id: 'review', title: 'Read it all', phase: 'top', estimateHours: 1, dependsOn: ['parser', 'docs'] },
  ],
  milestones: [{ id: 'm1', title: 'It reads', tasks: ['lexer', 'cli'], owner: 'ana' }],
  gates: [
    {
      id: 'ready',
      title: 'Is the base good?',
      after: ['lexer'],
      before: ['parser'],
      checks: [{ person: 'Is the lexer fast enough?', go: 'the parser begins', noGo: 'the lexer is written anew' }],
    },
    { id: 'shipped', after: ['review'], checks: [{ threshold: 'size', run: 'wc -c out', limit: '< 900', unit: 'kB' }] },
  ],
  handovers: [{ id: 'tokens', from: 'lexer', to: 'parser', artefact: 'The list of tokens' }],
};

export class PlanRoom extends FakeRoom {
  readonly session: WorkSession;

  constructor(parts: Readonly<Record<string, unknown>> = PARTS) {
    super(AGENTS.map((name, i) => fakeAgent(name, i + 1)));
    this.session = new WorkSession(planOf(parts), false, FAKE_NOW - BEFORE);
    for (const agent of AGENTS) this.session.spawned(agent);
    this.follow();
  }

  /** As the daemon would; what happened is in the state and in the log. */
  tell(command: Command): void {
    const refused = this.session.ask(command);
    if (refused !== null) throw new LlmctlError(refused.includes('--force') ? 'not-ready' : 'invalid', refused);
    this.follow();
  }

  follow(): void {
    const { state } = this.session;
    this.update(() => ({ ...state, session: this.state().session }));
    const known = this.recent().length;
    this.happen(...this.session.journal.slice(known).map(({ event }) => event));
  }

  override async command(command: ClientCommand): Promise<void> {
    await super.command(command);
    this.tell(command);
  }
}
