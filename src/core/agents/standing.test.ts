import { array, assert, boolean, constantFrom, nat, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLAIN, SOURCES, type Saying, type Source, type ToldState } from './board.ts';
import { SILENT_MS } from './judge.ts';
import { looked, NO_STANDING, told, type Standing } from './standing.ts';

const says = (state: ToldState, more: Partial<Saying> = {}): Saying => ({ ...PLAIN, state, text: state, ...more });

/** Words as they come, by a clock that the test turns. */
class Agent {
  standing: Standing = NO_STANDING;
  now = 1000;
  readonly shown: string[] = [];

  hear(source: Source, saying: Saying | null): this {
    this.#take(told(this.standing, source, saying, this.now));
    return this;
  }

  wait(ms: number): this {
    const until = this.now + ms;
    for (let due = this.standing.dueAt; due !== null && due <= until; due = this.standing.dueAt) {
      this.now = Math.max(this.now, due);
      this.#take(looked(this.standing, this.now));
    }
    this.now = until;
    return this;
  }

  get state(): string | undefined {
    return this.standing.settled.shown?.state;
  }

  #take(standing: Standing): void {
    this.standing = standing;
    const state = this.state;
    if (state !== undefined && this.shown.at(-1) !== state) this.shown.push(state);
  }
}

describe('evidence', () => {
  it('of the best source counts', () => {
    const agent = new Agent().hear('process', says('working')).hear('osc', says('idle')).hear('screen', says('idle'));
    expect(agent.wait(10_000).state).toBe('idle');
    expect(agent.standing.verdict.word?.source).toBe('osc');
  });

  it('of a dialog that can be seen counts before anything said', () => {
    const agent = new Agent().hear('osc', says('idle'));
    agent.hear('screen', says('waiting', { waitingFor: 'trust', sure: true })).wait(100);
    expect(agent.standing.settled.shown).toMatchObject({ state: 'waiting', waitingFor: 'trust' });
    agent.hear('osc', says('working')).wait(100);
    expect(agent.state).toBe('waiting');
    agent.hear('screen', null).wait(100);
    expect(agent.state).toBe('working');
  });

  it('of a dialog is told in the words of the program, where it said some of just this one', () => {
    const seen = says('waiting', { waitingFor: 'permission', sure: true });
    const told = says('waiting', { waitingFor: 'permission', text: 'make', matched: 'make' });
    const source = (agent: Agent) => agent.wait(100).standing.settled.shown?.source;
    expect(source(new Agent().hear('osc', told).wait(200).hear('screen', seen))).toBe('osc');
    expect(source(new Agent().hear('screen', seen).wait(200).hear('hook', told))).toBe('hook');
    // Without words of its own, of another kind, of a dialog long ago, or of a title.
    expect(source(new Agent().hear('osc', { ...told, matched: '' }).hear('screen', seen))).toBe('screen');
    expect(source(new Agent().hear('osc', { ...told, waitingFor: 'question' }).hear('screen', seen))).toBe('screen');
    expect(source(new Agent().hear('osc', told).wait(6_000).hear('screen', seen))).toBe('screen');
    expect(source(new Agent().hear('title', told).hear('screen', seen))).toBe('screen');
  });

  it('that says no more what is waited for is believed once it has said so for a while', () => {
    const agent = new Agent().hear('title', says('waiting'));
    agent.hear('screen', says('waiting', { waitingFor: 'question', sure: true })).wait(100);
    agent.hear('screen', null).wait(1_000);
    expect(agent.standing.settled.shown?.waitingFor).toBe('question');
    expect(agent.wait(1_000).standing.settled.shown?.waitingFor).toBeNull();
  });

  it('of a weaker source counts once it says otherwise for long enough after the better was heard last', () => {
    const agent = new Agent().hear('screen', says('working')).hear('hook', says('waiting')).wait(60_000);
    expect(agent.state).toBe('waiting');
    agent.hear('screen', says('idle')).hear('screen', says('working')).wait(399);
    expect(agent.state).toBe('waiting');
    expect(agent.wait(100).state).toBe('working');
  });

  it('of an empty input box needs longer against work that was told of', () => {
    const agent = new Agent().hear('hook', says('working')).wait(100).hear('screen', says('idle')).wait(4_000);
    expect(agent.state).toBe('working');
    expect(agent.wait(2_000).state).toBe('idle');
  });

  it('of mere silence ends work that was told of half a minute ago, and no question', () => {
    const working = new Agent()
      .hear('osc', says('working'))
      .hear('process', says('idle'))
      .wait(SILENT_MS - 1);
    expect(working.state).toBe('working');
    expect(working.wait(500).state).toBe('idle');
    const asks = new Agent().hear('osc', says('waiting')).hear('process', says('working')).wait(1_000_000);
    expect(asks.state).toBe('waiting');
  });

  it('of its own word that it asks holds until a new turn begins', () => {
    const agent = new Agent().hear('hook', says('working')).wait(100).hear('report', says('waiting')).wait(1000);
    agent.hear('hook', says('working')).wait(120_000);
    expect(agent.state).toBe('waiting');
    agent.hear('hook', says('idle')).wait(120_000);
    expect(agent.state).toBe('waiting');
    expect(agent.hear('hook', says('working')).wait(100).state).toBe('working');
  });

  it('of a limit ends when the limit does', () => {
    const agent = new Agent().hear('screen', says('idle'));
    agent.hear('hook', says('limited', { until: agent.now + 60_000 })).wait(59_000);
    expect(agent.state).toBe('limited');
    expect(agent.wait(2_000).state).toBe('idle');
  });

  it('does not flap between two steps of a turn', () => {
    const agent = new Agent().hear('screen', says('working')).wait(1000);
    for (let n = 0; n < 20; n++) {
      agent.hear('screen', says('idle')).wait(200).hear('screen', says('working')).wait(500);
    }
    expect(agent.shown).toEqual(['working']);
    agent.hear('screen', says('idle')).wait(400);
    expect(agent.shown).toEqual(['working', 'idle']);
  });

  it('never shows what no source says, whatever comes', () => {
    const state = constantFrom<ToldState>('working', 'waiting', 'idle', 'limited', 'done');
    const step = record({ source: constantFrom(...SOURCES), state, sure: boolean(), ms: nat(40_000) });
    assert(
      property(array(step, { maxLength: 40 }), (steps) => {
        const agent = new Agent();
        for (const one of steps) {
          agent.hear(one.source, says(one.state, { sure: one.sure && one.source === 'screen' })).wait(one.ms);
        }
        // Nothing comes any more: it settles on the verdict, and asks for no more looks.
        agent.wait(200_000);
        expect(agent.standing.settled.shown).toEqual(agent.standing.verdict.word);
        expect(agent.standing.dueAt).toBeNull();
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
