/** tmux as a person has it without a configuration, but with true colour on, as llmctl has. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Session, Subject } from './subject.ts';
import type { Size } from './terminal.ts';

export function tmuxVersion(): string | undefined {
  try {
    return execFileSync('tmux', ['-V'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
}

function start(commands: readonly (readonly string[])[], size: Size): Promise<Session> {
  const folder = mkdtempSync(join(tmpdir(), 'llb-'));
  const env = { PATH: process.env.PATH!, HOME: folder, TMUX_TMPDIR: folder, LANG: 'C.UTF-8', SHELL: '/bin/sh' };
  const base = ['-L', 'bench', '-f', '/dev/null', '-u'];
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', [...base, ...args], { env: { ...env, TERM: 'xterm-256color' }, encoding: 'utf8' });
  const [first, ...rest] = commands;
  tmux('new-session', '-d', '-x', String(size.cols), '-y', String(size.rows), '-s', 'bench', ...first!);
  tmux('set-option', '-g', 'default-terminal', 'tmux-256color');
  tmux('set-option', '-as', 'terminal-features', ',xterm-256color:RGB');
  for (const command of rest) {
    tmux('split-window', '-d', '-t', 'bench', ...command);
    tmux('select-layout', '-t', 'bench', 'tiled');
  }
  const server = Number(tmux('display-message', '-p', '#{pid}'));
  return Promise.resolve({
    client: { file: 'tmux', args: [...base, 'attach', '-t', 'bench'], env },
    focusFirst: [],
    servers: () => Promise.resolve([server]),
    sizes: () =>
      Promise.resolve(
        tmux('list-panes', '-t', 'bench', '-F', '#{pane_width} #{pane_height}')
          .trim()
          .split('\n')
          .map((line) => line.split(' ').map(Number))
          .map(([cols, rows]) => ({ cols: cols!, rows: rows! })),
      ),
    stop: () => {
      tmux('kill-server');
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
      return Promise.resolve();
    },
  });
}

export const tmux: Subject = { name: 'tmux', start };
