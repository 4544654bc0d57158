import { describe, expect, it } from 'vitest';
import { initialUi } from '../app/ui-state.ts';
import { fakeAgent } from '../testing/fake-agent.ts';
import { FakeRoom } from '../testing/fake-room.ts';
import { KEY_CONTEXTS, findBinding, footerBindings } from './binding.ts';
import { BINDINGS } from './bindings.ts';
import type { RoomFacts } from './commands.ts';
import { keysMarkdown } from './markdown.ts';
import { normalizeKeyName } from '../input/key-names.ts';
import { KeysError, applyOverrides, keyConflicts, withExitChords } from './overrides.ts';

const facts = (over: Partial<RoomFacts> = {}): RoomFacts => {
  const agent = fakeAgent('ada', 1);
  const state = new FakeRoom([agent]).state();
  const tools = { editor: true, gh: true };
  const screen = { ui: initialUi(80, 24), readOnly: false, live: true, past: false, overlap: null, tools };
  return { ...screen, state, focused: agent, ...over };
};
const byId = (id: string) => BINDINGS.find((binding) => binding.id === id)!;

/** As the product promises them. */
const CONTROL_KEYS = {
  'enter-pane': 'Enter i',
  pause: 'p',
  'pause-all': 'P',
  send: 's',
  restart: 'r',
  stop: 'x',
  'new-agent': 'n',
  'next-waiting': 'w',
  search: '/',
  overlaps: 'c',
  git: 'g',
  plan: 'o',
  panel: 'O',
  todos: 't',
  build: 'b',
  log: 'l',
  metrics: 'm',
  palette: ':',
  help: '?',
  detach: 'd',
  quit: 'q',
  zoom: 'z',
  'layout-previous': '[',
  'layout-next': ']',
  next: 'Tab',
  previous: 'Shift+Tab',
  left: 'Left h',
  down: 'Down j',
  up: 'Up k',
  right: 'Right',
  jump: '1 2 3 4 5 6 7 8 9',
  'scroll-back': 'PgUp',
  select: 'v',
  copy: 'y',
};

describe('the table of keys', () => {
  it('gives no key to two commands at the same moment', () => {
    expect(keyConflicts(BINDINGS)).toEqual([]);
  });

  it('names every command once, and every key as the input names it', () => {
    const ids = BINDINGS.map((binding) => binding.id);
    expect(new Set(ids).size).toBe(ids.length);
    const keys = BINDINGS.flatMap((binding) => binding.keys);
    expect(keys.map(normalizeKeyName)).toEqual(keys);
  });

  it.each(Object.entries(CONTROL_KEYS))('control mode: %s has %s', (id, keys) => {
    for (const key of keys.split(' ')) expect(findBinding(BINDINGS, ['control'], key)?.id).toBe(id);
  });

  it('never takes Ctrl+b from a pane', () => {
    const pane = BINDINGS.filter((binding) => binding.when.includes('pane'));
    expect(pane.flatMap((binding) => binding.keys)).toEqual(['Ctrl+q']);
  });

  it('says in words why a command can’t run', () => {
    const nobody = facts({ focused: null, state: new FakeRoom().state() });
    const pause = byId('pause');
    expect(pause.disabled?.(nobody)).toMatch(/no agent yet: n adds one/);
    expect(pause.disabled?.(facts({ readOnly: true }))).toBe('this screen is read-only');
    expect(pause.disabled?.(facts({ live: false }))).toMatch(/does not answer/);
    expect(pause.disabled?.(facts({ focused: fakeAgent('ada', 1, { state: 'stopped' }) }))).toMatch(/not running/);
    expect(pause.disabled?.(facts({ focused: fakeAgent('ada', 1, { pending: 'pausing' }) }))).toMatch(/pausing/);
    expect(pause.disabled?.(facts())).toBeNull();
    expect(byId('next-waiting').disabled?.(facts())).toMatch(/no agent waits/);
    expect(byId('copy').disabled?.(facts())).toMatch(/nothing is selected/);
    expect(byId('next').disabled?.(facts())).toMatch(/only one agent/);
  });

  it('shows in the footer what can run now, and nothing else', () => {
    const idsOf = (over: Partial<RoomFacts>) => footerBindings(BINDINGS, ['control'], facts(over)).map(({ id }) => id);
    expect(idsOf({})[0]).toBe('help');
    expect(idsOf({})).toContain('pause');
    expect(idsOf({})).not.toContain('next-waiting');
    expect(idsOf({ readOnly: true })).not.toContain('pause');
    expect(footerBindings(BINDINGS, ['pane'], facts()).map(({ id }) => id)).toEqual(['leave-pane']);
  });

  it.each(KEY_CONTEXTS)('has something to show for %s', (context) => {
    const shown = BINDINGS.filter((binding) => binding.footer !== undefined && binding.when.includes(context));
    expect(shown.length).toBeGreaterThan(0);
  });
});

describe('keys of a person’s own', () => {
  it('take the place of the table’s', () => {
    const table = applyOverrides(BINDINGS, { pause: ['F5', 'ctrl-p'], help: 'F1', alerts: [] });
    expect(findBinding(table, ['control'], 'F5')?.id).toBe('pause');
    expect(findBinding(table, ['control'], 'Ctrl+p')?.id).toBe('pause');
    expect(findBinding(table, ['control'], 'p')).toBeUndefined();
    expect(findBinding(table, ['control'], 'F1')?.id).toBe('help');
    expect(findBinding(table, ['control'], 'a')).toBeUndefined();
  });

  it('may be swapped', () => {
    const table = applyOverrides(BINDINGS, { log: 'b', build: 'l' });
    expect(findBinding(table, ['control'], 'b')?.id).toBe('log');
    expect(findBinding(table, ['control'], 'l')?.id).toBe('build');
  });

  it.each([
    [{ paus: 'F5' }, /^keys\.paus: no such command; perhaps pause/],
    [{ pause: 'Foo' }, /^keys\.pause: "Foo" is no key; write/],
    [{ pause: 't' }, /^keys\.pause: t is todos's already; give todos another key, or none: \[\]/],
    [{ toString: 'F5' }, /^keys\.toString: no such command/],
  ])('%j is refused in one line', (overrides, message) => {
    const apply = () => applyOverrides(BINDINGS, overrides as unknown as Record<string, string>);
    expect(apply).toThrow(KeysError);
    expect(apply).toThrow(message);
  });

  it.each([
    ['a', 'a'],
    ['A', 'A'],
    ['?', '?'],
    ['Shift+a', 'A'],
    ['ctrl+X', 'Ctrl+x'],
    ['C-x', 'Ctrl+x'],
    ['M-enter', 'Alt+Enter'],
    ['shift+tab', 'Shift+Tab'],
    ['Alt+Ctrl+Left', 'Ctrl+Alt+Left'],
    ['pgup', 'PgUp'],
    ['space', 'Space'],
    [' ', 'Space'],
    ['f12', 'F12'],
    ['-', '-'],
    ['+', '+'],
    ['Ctrl+-', 'Ctrl+-'],
  ])('%s is the key %s', (text, key) => {
    expect(normalizeKeyName(text)).toBe(key);
  });

  it.each(['', 'Ctrl+', 'Foo+x', 'abc', 'F25'])('%j is no key', (text) => {
    expect(normalizeKeyName(text)).toBeNull();
  });

  it('shows the exit chords of the config', () => {
    const table = withExitChords(BINDINGS, ['Ctrl+]', 'F12']);
    expect(table.find(({ id }) => id === 'leave-pane')?.keys).toEqual(['Ctrl+]', 'F12']);
  });
});

describe('the README’s table', () => {
  it('has every command with its keys', () => {
    const text = keysMarkdown(BINDINGS);
    const missing = BINDINGS.filter(({ id, keys }) => keys.length > 0 && !text.includes(`\`${id}\``));
    expect(missing).toEqual([]);
    expect(text).toContain('| `1–9` | `jump` |');
    expect(text).toMatch(/^\*\*Control mode\*\*\n\n\| keys/);
  });
});
