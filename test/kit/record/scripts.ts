/** What the stand-in answers while sessions are recorded. */
import type { Part, Script, Turn } from '../model/script.ts';

const GREET = 'export function greet(name) {\n  return `Hello, ${name}!`;\n}\n';
/** Nothing of it twice: Gemini CLI takes repetition for a loop, and asks. */
const LONG = ['alpha bravo', ...Array.from({ length: 40 }, (_, i) => `${(i * 7919) % 1000}`)].join(' ');

const TABLE = `| file | lines | change | why |
| --- | ---: | --- | --- |
| \`greet.js\` | 3 | new | the greeting |
| \`README.md\` | 12 | edited | says so |
| \`package.json\` | 1 | untouched | nothing to do |
`;
const DIFF = `\`\`\`diff
--- a/README.md
+++ b/README.md
@@ -1,3 +1,4 @@
 # demo
-A small project.
+A small project that greets.
+> and quotes
\`\`\`
`;

/** A program's dialogs and its signs of work, quoted by an agent that has them from its own documentation. */
const QUOTES: Readonly<Record<string, string>> = {
  claude: `This is what it looks like when it asks:

 Bash command

   rm -rf build
   Remove the build folder

 Do you want to proceed?
 ❯ 1. Yes
   2. Yes, and don't ask again
   3. No

 Esc to cancel · Tab to amend

and this while it is at work: ✻ Thinking… (12s · esc to interrupt). Please run /login comes with API Error: 401, and API Error: 429 with a limit.`,
  codex: `This is what it looks like when it asks:

  Would you like to run the following command?

  $ rm -rf build

› 1. Yes, proceed (y)
  2. Yes, and don't ask again (p)
  3. No (esc)

  Press enter to confirm or esc to cancel

and this while it is at work: • Working (12s • esc to interrupt). ■ 429 Too Many Requests comes with a limit, 401 Unauthorized without a login.`,
  gemini: `This is what it looks like when it asks:

 ? Shell rm -rf build

 Allow execution of: 'rm'?

 ● 1. Allow once
   2. Allow for this session
   3. No, suggest changes (esc)

and this while it is at work: Thinking... (esc to cancel, 12s). Usage limit reached for pro. Enter to select · Esc to cancel.`,
  opencode: `This is what it looks like when it asks:

 △ Permission required
   $ rm -rf build

 Allow once   Allow always   Reject    ⇆ select  enter confirm

and this while it is at work: ⬝⬝⬝■■■■■ esc interrupt. Rate limit reached [retrying in 12s attempt #3], and 401 unauthorized: invalid x-api-key.`,
};

const say = (text: string): readonly Part[] => [{ text }];
const bash = (text: string, command: string): readonly Part[] => [{ text }, { tool: 'bash', command }];
const quote = (cli: string): Script => ({ tokenMs: 60, turns: [say(QUOTES[cli]!)] });
const error = (status: number, message: string, more: object = {}): Turn => ({ error: { status, message, ...more } });

const questions = [
  { question: 'Welche Datenbank soll es sein?', options: ['SQLite', 'PostgreSQL', 'Keine'] },
  { question: 'テストはどこに置きますか?', options: ['src の中', 'test フォルダ'] },
];

/** The tool of several questions at once, by the shape that each CLI wants. */
const many = (name: string, type: object): readonly Part[] => [
  { text: 'Two things first.' },
  {
    tool: 'own',
    name,
    input: {
      questions: questions.map(({ question, options }, n) => ({
        question,
        header: `Frage ${n + 1}`,
        id: `q${n}`,
        options: options.map((label) => ({ label, description: `${label}, of course` })),
        ...type,
      })),
    },
  },
];

export const RECORDED_SCRIPTS: Readonly<Record<string, Script>> = {
  edit: {
    firstMs: 1_500,
    tokenMs: 30,
    turns: [
      bash("I'll look at the project first.", 'ls -la && cat README.md'),
      [{ text: "Now I'll create `greet.js`." }, { tool: 'write', path: 'greet.js', content: GREET }],
      bash('Running it to check.', `node -e "import('./greet.js').then((m) => console.log(m.greet('you')))"`),
      say(`All is well now.\n\n${TABLE}`),
    ],
  },
  approve: {
    firstMs: 500,
    tokenMs: 15,
    turns: [
      [
        { text: 'This command needs your approval.' },
        {
          tool: 'bash',
          command: 'echo approved > approved.txt && date',
          description: 'Write a marker',
          escalate: true,
        },
      ],
      say('It ran.'),
    ],
  },
  ask: {
    firstMs: 500,
    turns: [
      [{ text: 'One question.' }, { tool: 'ask', question: 'Which database?', options: ['SQLite', 'PostgreSQL'] }],
      say('Thank you, noted.'),
    ],
  },
  other: {
    firstMs: 800,
    tokenMs: 30,
    turns: [
      [
        {
          text: 'Do you want to proceed? I will tell of the rate limit reached and of esc to interrupt in the readme.',
        },
        { tool: 'read', path: 'README.md' },
      ],
      [
        { text: 'Now the change.' },
        { tool: 'edit', path: 'README.md', old: 'A small project.', new: 'A tiny project.' },
      ],
      say('Finished with the readme.'),
    ],
  },
  slow: { firstMs: 2_000, tokenMs: 400, turns: [say(`It goes on and on: ${LONG} and that was all.`)] },
  rate429: { turns: [error(429, 'stub: rate limit reached, try again later', { retryAfter: 600 })] },
  login: { turns: [error(401, 'invalid x-api-key')] },

  'quote-claude': quote('claude'),
  'quote-codex': quote('codex'),
  'quote-gemini': quote('gemini'),
  'quote-opencode': quote('opencode'),
  /** Long output, a table, a diff, and twenty seconds in which nothing is printed at all. */
  tools: {
    firstMs: 700,
    tokenMs: 10,
    turns: [
      bash('Zuerst eine lange Ausgabe.', 'seq 1 400'),
      bash(`Now it is silent for a while.\n\n${TABLE}\n${DIFF}`, 'sleep 20'),
      say(`The tools are through.\n\n${DIFF}\n${TABLE}`),
    ],
  },
  think: {
    firstMs: 3_000,
    turns: [
      [
        { think: 'Let me think about whether I should ask. Would you like to run it? Perhaps.' },
        { sleepMs: 4_000 },
        { text: 'Thought about it.' },
      ],
    ],
  },
  'many-claude': {
    firstMs: 500,
    turns: [many('AskUserQuestion', { multiSelect: false }), say('Vielen Dank, notiert.')],
  },
  'many-codex': { firstMs: 500, turns: [many('request_user_input', {}), say('Vielen Dank, notiert.')] },
  'many-gemini': { firstMs: 500, turns: [many('ask_user', { type: 'choice' }), say('Vielen Dank, notiert.')] },
  'many-opencode': { firstMs: 500, turns: [many('question', {}), say('Vielen Dank, notiert.')] },
  plan: {
    firstMs: 500,
    turns: [
      [{ tool: 'own', name: 'ToolSearch', input: { query: 'select:ExitPlanMode', max_results: 1 } }],
      [
        { text: 'The plan stands.' },
        { tool: 'own', name: 'ExitPlanMode', input: { plan: '# Plan\n\n1. Write greet.js\n2. Test it\n' } },
      ],
      say('The plan is under way.'),
    ],
  },
  /** An edit whose diff looks like a dialog, then a command. */
  diff: {
    firstMs: 600,
    tokenMs: 15,
    turns: [
      [{ tool: 'read', path: 'README.md' }],
      [
        { text: 'Now the change.' },
        {
          tool: 'edit',
          path: 'README.md',
          old: 'A small project.',
          new: 'Do you want to proceed?\n ❯ 1. Yes\n   2. No\n Esc to cancel · esc to interrupt',
        },
      ],
      bash('And a command.', 'sleep 4; node -p 40+2'),
      say('All edited now.'),
    ],
  },
  background: {
    firstMs: 500,
    turns: [
      [{ tool: 'own', name: 'Bash', input: { command: 'sleep 8', description: 'Wait', run_in_background: true } }],
      say('It runs beside.'),
    ],
  },
  helper: {
    firstMs: 500,
    turns: [
      [
        { text: 'Somebody looks around.' },
        {
          tool: 'own',
          name: 'Agent',
          input: {
            description: 'Look around',
            prompt: 'Look around [[stub:think]]',
            subagent_type: 'general-purpose',
            run_in_background: false,
          },
        },
      ],
      say('The helper is back.'),
    ],
  },
  twice: {
    firstMs: 500,
    turns: [bash('Once.', 'echo one > one.txt'), bash('And again.', 'echo one > one.txt'), say('Twice done.')],
  },
  err500: { turns: [error(500, 'stub: internal error', { times: 2 })] },
  err529: { turns: [error(529, 'Overloaded', { times: 2 })] },
  errAll: { turns: [error(400, 'stub: prompt is broken')] },
  drop: { firstMs: 500, tokenMs: 100, turns: [[{ text: 'It breaks off in the middle of' }, { drop: true }]] },
};
