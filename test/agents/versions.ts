/** The agent CLIs that `npm run test:agents` drives: exactly these versions, because screens and hooks change with them. */

export interface PinnedCli {
  /** Its profile, and the name of its program. */
  readonly id: 'claude' | 'codex' | 'gemini' | 'opencode';
  /** On the npm registry. */
  readonly name: string;
  readonly version: string;
}

export const PINNED: readonly PinnedCli[] = [
  { id: 'claude', name: '@anthropic-ai/claude-code', version: '2.1.328' },
  { id: 'codex', name: '@openai/codex', version: '0.169.0' },
  { id: 'gemini', name: '@google/gemini-cli', version: '0.61.0' },
  { id: 'opencode', name: 'opencode-ai', version: '1.18.33' },
];
