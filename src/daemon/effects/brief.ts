/** Types a message into a program, as a person would who pastes it and presses Enter. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent, AgentId } from '../../core/model/agent.ts';
import { Lanes } from '../lanes.ts';
import type { Panes } from '../panes.ts';
import { isShown } from '../../core/agents/shown.ts';
import type { Proofs } from '../inside/proofs.ts';
import { keysToBytes } from '../keys.ts';
import { pasteBytes } from '../paste.ts';
import type { Room } from '../room.ts';

/** Programs take a paste and an Enter that come together for one paste; 60 ms is too soon for some. */
const ENTER_AFTER_MS = 180;
/** A program that isn't ready for a message keeps nobody waiting any longer. */
const HAND_OVER_MS = 500;
/** A CLI tells within a moment that it took a prompt. */
const PROOF_MS = 6_000;
/** Some take half a minute until they are there at all. */
const BEGINS_MS = 45_000;
const FIRST_MS = 120_000;
const EMPTY = Buffer.alloc(0);

export interface Message {
  readonly agent: AgentId;
  readonly text: string;
  readonly enter: boolean;
  /** The first message of a program that is being started: it must not be sent before its screen is up. */
  readonly first: boolean;
  /** Not into a dialog: Enter there would be an answer that nobody gave. */
  readonly gentle: boolean;
}

/** What is typed for a message: itself, or where to read it. */
export interface Typed {
  readonly text: string;
  /** Between it and Enter; null: as most need it. */
  readonly pauseMs: number | null;
}

/** Never rejects. null: it takes no messages. */
export type Typing = (agent: AgentId, text: string) => Promise<Typed | null>;

type BrieferPanes = Pick<Panes, 'of' | 'modes' | 'text' | 'write' | 'message'>;
type BrieferRoom = Pick<Room, 'state' | 'until' | 'dispatch'>;
type BrieferProofs = Pick<Proofs, 'began' | 'hasBegun' | 'prompts' | 'took'>;
type Pane = NonNullable<ReturnType<Panes['of']>>;

/** Something stands on its screen that only a person answers; not so where it runs no longer. */
function asks(agent: Agent | undefined): boolean {
  return agent !== undefined && agent.run !== null && (agent.beforePause ?? agent.status).state === 'waiting';
}

/** It is seen at work, which what it was told has begun: it stood still before. */
function worksOn(agent: Agent | undefined): boolean {
  const { state, evidence } = agent?.beforePause ?? agent?.status ?? {};
  return state === 'working' && evidence !== 'process';
}

function isSeen({ state, evidence }: Agent['status']): boolean {
  return state !== 'starting' && evidence !== 'process';
}

export class Briefer {
  readonly #panes: BrieferPanes;
  readonly #room: BrieferRoom;
  readonly #proofs: BrieferProofs;
  readonly #typing: Typing;
  readonly #lanes = new Lanes();
  /** Messages that are in nobody's hands but this process's. */
  readonly #held = new Map<AgentId, Set<Promise<void>>>();

  constructor(panes: BrieferPanes, room: BrieferRoom, proofs: BrieferProofs, typing: Typing) {
    this.#panes = panes;
    this.#room = room;
    this.#proofs = proofs;
    this.#typing = typing;
  }

  /** Messages to one agent come one after the other, gentle ones behind what may be typed now. Resolves when it is typed, or the program is gone. */
  async brief(message: Message): Promise<void> {
    const { agent } = message;
    const held = this.#held.get(agent) ?? new Set();
    this.#held.set(agent, held);
    let handOver = (): void => {};
    const handedOver = new Promise<void>((resolve) => (handOver = resolve));
    held.add(handedOver);
    void handedOver.then(() => held.delete(handedOver));
    try {
      if (message.gentle) await this.#lanes.run(`${agent} gently`, () => this.#gently(message, handOver));
      else await this.#lanes.run(agent, () => this.#type(message, this.#panes.of(agent), handOver));
    } finally {
      handOver();
    }
  }

  /** It was given its first prompt on its command line. Resolves when it took it, or that is told. */
  async prove(agent: AgentId): Promise<void> {
    const token = this.#room.state.agents[agent]?.run?.token;
    const took = await this.#proofs.took(agent, 0, FIRST_MS);
    if (took || this.#room.state.agents[agent]?.run?.token !== token) return;
    // Hooks that tell nothing at all say nothing about the prompt.
    if (this.#proofs.began(agent)) this.#tell(agent, 'its first prompt');
  }

  /** All messages to the agent are with the ptyhost, which outlives this process, or wait for the end of a dialog. */
  async handedOver(agent: AgentId): Promise<void> {
    // An effect is carried out in a turn of its own, which comes before this.
    await new Promise((resolve) => setImmediate(resolve));
    const all = Promise.all(this.#held.get(agent) ?? []);
    await Promise.race([all, sleep(HAND_OVER_MS, undefined, { ref: false })]);
  }

  /** Lets others go first while a dialog stands: what a person sends then may well be the answer to it. */
  async #gently(message: Message, handOver: () => void): Promise<void> {
    const { agent } = message;
    let pane: Pane | undefined;
    while (!(await this.#lanes.run(agent, () => this.#type(message, (pane ??= this.#panes.of(agent)), handOver)))) {
      // A person has to answer first, and can't while the agent stands still until this is typed.
      handOver();
      await this.#until(agent, (it) => !asks(it));
    }
  }

  /** @returns false where it must not be typed yet: it is gentle, and the agent asks something */
  async #type(
    { agent, text: message, enter, first, gentle }: Message,
    pane: Pane | undefined,
    handOver: () => void,
  ): Promise<boolean> {
    if (!pane) return true;
    const { generation } = pane;
    const isSame = () => this.#panes.of(agent)?.generation === generation;
    await pane.readiness.wait(first);
    await this.#begins(agent);
    if (!isSame()) return true;
    if (gentle && asks(this.#room.state.agents[agent])) return false;
    const typing = enter ? this.#typing(agent, message) : { text: message, pauseMs: null };
    const [modes, typed] = await Promise.all([this.#panes.modes(pane.pane), typing]);
    if (typed === null) this.#alert(agent, 'was sent a message; by the "briefing" of its profile it takes none');
    if (typed === null) return true;
    const { text } = typed;
    const pauseMs = typed.pauseMs ?? ENTER_AFTER_MS;
    if (!isSame()) return true;
    const before = this.#proofs.prompts(agent);
    const proves = enter && text !== '' && this.#proves(agent, text);
    this.#write(pane.pane, text, enter, modes, pauseMs);
    handOver();
    if (!enter || text === '') return true;
    // While it is paused the message waits in the ptyhost: it is the first thing that it reads when it goes on.
    await this.#until(agent, ({ status }) => status.state !== 'paused');
    await sleep(pauseMs);
    const isSettled = async () =>
      (await this.#proofs.took(agent, before, PROOF_MS)) || !isSame() || worksOn(this.#room.state.agents[agent]);
    if (!proves || (await isSettled())) return true;
    await this.#again(agent, pane.pane, text);
    // Hooks that were never heard say nothing about the message.
    if ((await isSettled()) || !this.#proofs.began(agent)) return true;
    this.#tell(agent, 'a message');
    return true;
  }

  /** Told before it can hear, some never answer: its hooks have to be heard, and more than that it prints to be seen. */
  async #begins(agent: AgentId): Promise<void> {
    const run = this.#room.state.agents[agent]?.run;
    const left = BEGINS_MS - (Date.now() - (run?.startedAt ?? 0));
    if (!run?.begun?.tells || left <= 0) return;
    const seen = this.#until(agent, ({ beforePause, status }) => isSeen(beforePause ?? status));
    const heard = run.begun.mute ? seen : Promise.all([seen, this.#proofs.hasBegun(agent, left)]);
    await Promise.race([heard, sleep(left, undefined, { ref: false })]);
  }

  /** Its CLI tells when it takes a prompt; what it takes itself, a command of its own, or while it works, it doesn't tell. */
  #proves(agent: AgentId, text: string): boolean {
    const known = this.#room.state.agents[agent];
    if (known?.run?.begun?.tells !== true || /^[/!#]/.test(text)) return false;
    const { state, evidence } = known.beforePause ?? known.status;
    // That it prints says nothing.
    return evidence === 'process' || (state !== 'working' && state !== 'waiting');
  }

  /** Once more: Enter alone where the text stands in the box, never into a dialog. */
  async #again(agent: AgentId, pane: number, text: string): Promise<void> {
    const known = this.#room.state.agents[agent];
    if (known === undefined || asks(known)) return;
    const screen = await this.#panes.text(pane, { lines: null, screen: true, ansi: false }).catch(() => null);
    if (screen === null) return;
    const stands = isShown(text, screen.lines);
    // Where no hook was ever heard it may well have been taken: an Enter too many does nothing, a text too many does.
    if (!stands && !this.#proofs.began(agent)) return;
    this.#write(pane, stands ? '' : text, true, await this.#panes.modes(pane));
  }

  #write(
    pane: number,
    text: string,
    enter: boolean,
    modes: Awaited<ReturnType<Panes['modes']>>,
    pauseMs = ENTER_AFTER_MS,
  ): void {
    const paste = text === '' ? EMPTY : Buffer.from(pasteBytes(text, modes.flags));
    const key = enter ? keysToBytes(['Enter'], modes) : null;
    if (!key?.ok) this.#panes.write(pane, paste);
    else if (text === '') this.#panes.write(pane, Buffer.from(key.bytes));
    else this.#panes.message(pane, paste, pauseMs, Buffer.from(key.bytes));
  }

  #tell(agent: AgentId, what: string): void {
    this.#alert(agent, `was sent ${what} and has not taken it, as far as its CLI tells: look at its pane`);
  }

  #alert(agent: AgentId, what: string): void {
    const text = `agent ${agent} ${what}`;
    this.#room.dispatch({ type: 'alert', level: 'warn', text, agent, cause: `brief:${agent}` });
  }

  /** Also where it runs no longer. */
  #until(id: AgentId, holds: (agent: Agent) => boolean): Promise<void> {
    return this.#room.until(({ agents }) => {
      const agent = agents[id];
      return agent === undefined || agent.run === null || holds(agent);
    });
  }
}
