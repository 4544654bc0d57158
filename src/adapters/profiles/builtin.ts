/** The profiles that come with llmctl. */
import { distFile } from '../paths/dist.ts';
import type { Profile } from './model.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** @param env the person's: its SHELL is what the profile `shell` starts */
export function builtinProfiles(env: Env = process.env): readonly Profile[] {
  const common = { briefing: 'paste-enter', interrupt: ['Esc'], from: 'llmctl' } as const;
  return [
    {
      ...common,
      id: 'shell',
      title: 'Shell',
      command: [shellOf(env)],
      interrupt: ['C-c'],
      install: 'set SHELL to a shell that is there',
    },
    {
      ...common,
      id: 'demo',
      title: 'Demo agent',
      command: [process.execPath, distFile('demo-agent.js')],
      install: 'run "npm run build" in the folder of llmctl',
    },
    {
      ...common,
      id: 'claude',
      title: 'Claude Code',
      command: ['claude'],
      install: 'npm install -g @anthropic-ai/claude-code',
    },
    { ...common, id: 'codex', title: 'Codex', command: ['codex'], install: 'npm install -g @openai/codex' },
    { ...common, id: 'gemini', title: 'Gemini CLI', command: ['gemini'], install: 'npm install -g @google/gemini-cli' },
    {
      ...common,
      id: 'opencode',
      title: 'opencode',
      command: ['opencode'],
      // The first Esc only asks whether it is meant.
      interrupt: ['Esc', 'Esc'],
      install: 'npm install -g opencode-ai',
    },
  ];
}

function shellOf(env: Env): string {
  const shell = env['SHELL'];
  return shell?.startsWith('/') ? shell : 'bash';
}
