import { readFileSync, readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadTheme } from './load.ts';
import { TOKENS } from './tokens.ts';

const folder = new URL('../../../themes/', import.meta.url);
const names = readdirSync(folder).map((file) => file.replace(/\.json$/, ''));
const textOf = (name: string) => readFileSync(new URL(`${name}.json`, folder), 'utf8');

describe('the themes that come with llmctl', () => {
  it('are these', () => {
    expect(names.sort()).toEqual(['colour-blind', 'dark', 'high-contrast', 'light', 'terminal16']);
  });

  it.each(names)('%s says every token', (name) => {
    const theme = loadTheme(name, textOf(name));
    expect(Object.keys(theme.paints).sort()).toEqual([...TOKENS].sort());
  });

  it('terminal16 uses no colour that the terminal does not call its own', () => {
    const theme = loadTheme('terminal16', textOf('terminal16'));
    for (const paint of Object.values(theme.paints)) expect(paint.sgr).not.toMatch(/[34]8;/);
  });

  it.each(names)('%s tells control mode, pane mode and scrollback apart', (name) => {
    const { paints } = loadTheme(name, textOf(name));
    expect(new Set([paints.statusControl.sgr, paints.statusPane.sgr, paints.statusScroll.sgr]).size).toBe(3);
    expect(paints.borderFocus.sgr).not.toBe(paints.borderPane.sgr);
  });
});

describe('NO_COLOR', () => {
  it.each(names)('leaves attributes alone in %s, and inverse where a background was', (name) => {
    const theme = loadTheme(name, textOf(name), { noColor: true });
    for (const paint of Object.values(theme.paints)) {
      expect(paint.sgr).toMatch(/^$|^\u001b\[[1-9](;[1-9])*m$/);
      expect(paint.fg & 0x3ffffff).toBe(0);
    }
    expect(theme.paints.statusControl.sgr).toContain('7');
  });
});

describe('a theme with a mistake', () => {
  const change = (edit: (tokens: Record<string, unknown>) => void) => {
    const theme = JSON.parse(textOf('dark')) as { tokens: Record<string, unknown> };
    edit(theme.tokens);
    return () => loadTheme('mine', JSON.stringify(theme));
  };

  it.each([
    ['not JSON', () => loadTheme('mine', '{'), /^theme mine: not JSON: /],
    ['no tokens', () => loadTheme('mine', '[]'), /needs an object "tokens"/],
    ['a missing token', change((t) => delete t['accent']), /tokens\.accent is missing/],
    ['an unknown token', change((t) => (t['acent'] = 'red')), /tokens\.acent is not known; perhaps accent/],
    ['a number', change((t) => (t['accent'] = 4)), /tokens\.accent is not a text/],
    ['a colour that is none', change((t) => (t['accent'] = 'mauve')), /tokens\.accent: "mauve" is no colour/],
    ['two text colours', change((t) => (t['accent'] = 'red blue')), /write "on blue" for a background/],
    ['a palette number too high', change((t) => (t['accent'] = '256')), /"256" is no colour/],
  ])('%s: says so in one line', (_what, load, message) => {
    expect(load).toThrow(message);
    expect(load).not.toThrow(/\n/);
  });
});
