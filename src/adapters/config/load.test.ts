import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_CONFIG } from '../../core/config/model.ts';
import { configFolder, loadConfig } from './load.ts';

let home = '';
let env: Record<string, string>;
const write = (text: string) => writeFileSync(join(home, 'llmctl/config.yaml'), text);

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'llmctl-config-'));
  mkdirSync(join(home, 'llmctl'));
  env = { XDG_CONFIG_HOME: home };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

describe('settings', () => {
  it('are the defaults where there is no file, or an empty one', async () => {
    expect(await loadConfig(env)).toMatchObject({ config: DEFAULT_CONFIG, problems: [] });
    write('# nothing yet\n');
    expect(await loadConfig(env)).toMatchObject({ config: DEFAULT_CONFIG, problems: [] });
  });

  it('are looked for where XDG says, else in the home folder', () => {
    expect(configFolder({ XDG_CONFIG_HOME: '/x', HOME: '/h' })).toBe('/x/llmctl');
    expect(configFolder({ XDG_CONFIG_HOME: 'relative', HOME: '/h' })).toBe('/h/.config/llmctl');
    expect(configFolder({ HOME: '/h' })).toBe('/h/.config/llmctl');
  });

  it('are read whole', async () => {
    write(
      'keys:\n  pause: [F5, Ctrl+p]\n  build: B\n  zoom: []\n  focus-1: 1\nexitChord: [ctrl-q, C-G, F12]\n' +
        'theme: light\ndefaultProfile: claude\nscrollback: 5000\nmouse: false\nnotify: false\n',
    );
    const loaded = await loadConfig(env);
    expect(loaded.problems).toEqual([]);
    expect(loaded.config).toEqual({
      keys: { pause: ['F5', 'Ctrl+p'], build: ['B'], zoom: [], 'focus-1': ['1'] },
      exitChord: ['Ctrl+q', 'Ctrl+g', 'F12'],
      theme: 'light',
      defaultProfile: 'claude',
      scrollback: 5000,
      mouse: false,
      notify: false,
      notifications: DEFAULT_CONFIG.notifications,
    });
    expect(loaded.keyPlaces.get('build')).toEqual({ line: 3, column: 3 });
  });

  it.each<[string, RegExp, number, number]>([
    ['exitChord: Ctrl+b\n', /tmux and readline need it/, 1, 12],
    ['exitChord: [C-B, Ctrl+q]\n', /tmux/, 1, 13],
    ['exitChord: q\n', /for typing/, 1, 12],
    ['exitChord: Shift+q\n', /for typing/, 1, 12],
    ['exitChord: Ctrl+i\n', /for Tab/, 1, 12],
    ['exitChord: Hyper+q\n', /no chord/, 1, 12],
    ['exitChord: []\nmouse: 1\n', /true or false/, 2, 8],
    ['keys: [a]\n', /must be a map/, 1, 7],
    ['keys: {pause: {a: b}}\n', /must be text/, 1, 15],
    ['scrollback: lots\n', /from 100 to 100000/, 1, 13],
    ['scrollback: 1.5\n', /whole number/, 1, 13],
    ['theme: [dark]\n', /must be text/, 1, 8],
    ['notifications: {quiet: 22-7}\n', /write hours such as/, 1, 24],
    ['notifications: {webhook: ftp://x}\n', /write an address/, 1, 26],
    ['notifications: {level: loud}\n', /write info, warn, error/, 1, 24],
    ['thme: dark\n', /did you mean "theme"/, 1, 1],
    ['mouse: true\nmouse: false\n', /stands twice/, 2, 1],
    ['- theme\n', /map of keys/, 1, 1],
    ['theme: "dark\n', /not closed/, 2, 1],
    ['theme:\tdark\n\tx: y\n', /./, 2, 1],
  ])('%j is told with its place, and the defaults stand for it', async (text, says, line, column) => {
    write(text);
    const { problems, config } = await loadConfig(env);
    expect(problems[0]).toMatchObject({ message: expect.stringMatching(says), line, column });
    expect(problems[0]!.file).toBe(join(home, 'llmctl/config.yaml'));
    expect(config.exitChord).toEqual(['Ctrl+q']);
    expect(config).toMatchObject({ scrollback: 1000, theme: null, keys: {} });
  });

  it('keep what is right beside what is wrong', async () => {
    write('theme: light\nmouse: perhaps\nkeys: {pause: F5, stop: [~, F6]}\n');
    const { config, problems } = await loadConfig(env);
    expect(config).toMatchObject({ theme: 'light', mouse: true, keys: { pause: ['F5'], stop: ['F6'] } });
    expect(problems).toHaveLength(2);
  });
});
