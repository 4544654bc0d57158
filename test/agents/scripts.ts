/** What the stand-in answers in the stories. */
import type { Script } from '../kit/model/script.ts';

const GREET = 'export function greet(name) {\n  return `Hello, ${name}!`;\n}\n';

/** Nothing of it twice: Gemini CLI takes repetition for a loop, and asks. */
const LONG = ['alpha bravo', ...Array.from({ length: 40 }, (_, i) => `${(i * 7919) % 1000}`)].join(' ');

export const SCRIPTS = {
  hello: { turns: [[{ text: 'Hello from the stand-in.' }]] },
  edit: {
    turns: [
      [{ text: 'Now I write it.' }, { tool: 'write', path: 'greet.js', content: GREET }],
      [{ text: 'Done: one exported function.' }],
    ],
  },
  command: {
    turns: [
      [{ text: 'This needs a yes.' }, { tool: 'bash', command: 'echo approved > approved.txt', escalate: true }],
      [{ text: 'It ran.' }],
    ],
  },
  slow: {
    tokenMs: 300,
    turns: [[{ text: `It goes on and on: ${LONG} and that was all.` }]],
  },
  counted: {
    usage: { input: 50_000, output: 1_000, cached: 20_000 },
    turns: [[{ tool: 'read', path: 'package.json' }], [{ text: 'It is a package.' }]],
  },
  limited: { turns: [{ error: { status: 429, message: 'stand-in: rate limit reached', retryAfter: 600 } }] },
  report: {
    turns: [
      [{ tool: 'mcp', name: 'report', input: { state: 'progress', percent: 40, text: 'parser done' } }],
      [{ text: 'Reported.' }],
    ],
  },
} satisfies Readonly<Record<string, Script>>;
