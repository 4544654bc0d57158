/**
 * `npm run record -- OUT [NAME…]`: records sessions of agent CLIs as fixtures. The CLIs are the pinned ones of test/agents, the stand-in
 * for their model answers them. It runs only where loopback is all the network there is, and goes there by itself.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { loadProfiles } from '../../../src/adapters/profiles/load.ts';
import { fillWord, fillWords } from '../../../src/core/profile/fill.ts';
import { isAlone, runAlone } from '../../agents/alone.ts';
import { setUpHome } from '../../agents/homes.ts';
import { installAll, programOf } from '../../agents/install.ts';
import { PINNED } from '../../agents/versions.ts';
import { startModel } from '../model/server.ts';
import { makePlace, PROJECT, removePlace, writeFiles } from '../temp.ts';
import { gatherEvents } from './events.ts';
import { writeRecording, type Happening } from './recording.ts';
import { SCENARIOS } from './scenarios.ts';
import { RECORDED_SCRIPTS } from './scripts.ts';
import { play } from './session.ts';

const DEMO = '/tmp/demo';

const [out, ...names] = process.argv.slice(2);
if (out === undefined) throw new Error('usage: record.ts OUT [NAME…]');
if (!isAlone()) {
  for (const line of installAll()) console.error(line);
  process.exit(runAlone([process.execPath, ...process.argv.slice(1)], PROJECT));
}
mkdirSync(out, { recursive: true });
for (const name of names.length > 0 ? names : Object.keys(SCENARIOS)) {
  try {
    await record(name, join(out, `${name}.jsonl.gz`));
  } catch (error) {
    console.error(`${name}: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
process.exit();

async function record(name: string, path: string): Promise<void> {
  const scenario = SCENARIOS[name];
  if (scenario === undefined)
    throw new Error(`there is no such scenario; there are ${Object.keys(SCENARIOS).join(' ')}`);
  const { byId } = await loadProfiles({ XDG_CONFIG_HOME: '/nonexistent' });
  const profile = byId.get(scenario.profile)!;
  const place = makePlace({ git: false });
  const run = mkdtempSync(join(tmpdir(), 'record-'));
  const cwd = join(DEMO, name);
  project(cwd);
  const hooks = join(run, 'hooks');
  mkdirSync(hooks);
  const llmctl = hookLogger(run, hooks);
  const port = String(await freePort());
  const model = await startModel(RECORDED_SCRIPTS);
  const places = { run, llmctl, port, agent: 'ana', worktree: cwd, secret: 'secret' };
  for (const [file, content] of Object.entries(profile.inject.files)) {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    writeFileSync(join(run, file), fillWord(text, places)!);
  }
  const { home = 'trusted' } = scenario;
  const known = home === 'empty' ? {} : setUpHome(place, model.url, home === 'strange' ? [] : [cwd]);
  if (home === 'strange') delete known['GEMINI_CLI_TRUST_WORKSPACE'];
  if (home === 'keyless') for (const key of ['ANTHROPIC_API_KEY', 'STUB_KEY', 'GEMINI_API_KEY']) delete known[key];
  const bins = PINNED.flatMap((cli) => programOf(cli) ?? []).map((program) => dirname(program));
  const env: Record<string, string> = {
    ...place.env,
    ...known,
    PATH: [run, ...bins, place.env['PATH']].join(':'),
    TERM: 'xterm-256color',
    COLORTERM: 'truecolor',
    TERM_PROGRAM: 'llmctl',
  };
  for (const [key, value] of Object.entries(scenario.env ?? {})) env[key] = value.replaceAll('{model}', model.url);
  writeFiles(place.home, scenario.files ?? {});
  for (const [key, value] of Object.entries(profile.inject.env)) env[key] = fillWord(value, places)!;
  const { api } = profile;
  const filled = (text: string | null): string | null => (text === null ? null : (fillWord(text, places) ?? null));
  const events = api === null ? null : gatherEvents(filled(api.events)!, filled(api.auth));
  try {
    const version = execFileSync(profile.command[0]!, profile.version.args, { env, cwd, encoding: 'utf8' });
    const found = new RegExp(profile.version.match ?? '(.*)').exec(version)?.[1] ?? '';
    const args = [...profile.command.slice(1), ...fillWords(profile.inject.args, places), ...scenario.args];
    const [cols, rows] = scenario.size ?? [100, 32];
    const file = profile.command[0]!;
    const log = (line: string): void => {
      if (process.env['VERBOSE']) console.log(line);
    };
    const began = Date.now();
    const seen = await play(
      {
        file,
        args,
        cwd,
        env,
        cols,
        rows,
        steps: scenario.steps,
        model: () => ({ open: model.open, all: model.asked.filter(({ script }) => script !== '').length }),
      },
      log,
    );
    // Where this machine keeps its temporary files is nobody's business; as many characters, so that the same is drawn.
    const nowhere = '/home/ana'.padEnd(place.dir.length, '-');
    const all = [...seen, ...hooksIn(hooks, began), ...(events?.taken(began) ?? [])].sort((a, b) => a[0] - b[0]);
    const happenings = JSON.parse(JSON.stringify(all).replaceAll(place.dir, nowhere)) as Happening[];
    writeRecording(path, { head: { name, profile: profile.id, version: found, cols, rows }, happenings });
    const bytes = seen.reduce((sum, one) => sum + (one[1] === 'o' ? one[2].length : 0), 0);
    console.log(`${name}: ${found}, ${bytes} bytes, ${happenings.length} happenings`);
  } finally {
    events?.stop();
    await model.close();
    rmSync(run, { recursive: true, force: true });
    removePlace(place);
  }
}

function project(path: string): void {
  rmSync(path, { recursive: true, force: true });
  mkdirSync(path, { recursive: true });
  writeFileSync(join(path, 'README.md'), '# demo\n\nA small project.\n');
  writeFileSync(join(path, 'package.json'), '{"name":"demo","type":"module"}\n');
  const git = (...args: string[]) => execFileSync('git', args, { cwd: path, stdio: 'ignore' });
  git('init', '-q', '-b', 'main');
  git('add', '-A');
  git('-c', 'user.name=t', '-c', 'user.email=t@t', 'commit', '-qm', 'init');
}

/** Stands for `llmctl`: a hook's input goes into a file with the time in its name; an MCP client finds nobody. */
function hookLogger(folder: string, hooks: string): string {
  const path = join(folder, 'llmctl');
  writeFileSync(path, `#!/bin/sh\n[ "$1" = hook ] || exit 0\ncat > "${hooks}/$(date +%s%3N)-$2-$$"\n`);
  chmodSync(path, 0o755);
  return path;
}

function hooksIn(folder: string, began: number): Happening[] {
  return execFileSync('ls', [folder], { encoding: 'utf8' })
    .split('\n')
    .filter((file) => file !== '' && existsSync(join(folder, file)))
    .map((file) => {
      const [at, name] = file.split('-') as [string, string];
      return [Number(at) - began, 'h', name, short(JSON.parse(readFileSync(join(folder, file), 'utf8')))];
    });
}

/** Folders of this machine are nobody's business, and long texts say no more than short ones. */
export function short(value: unknown): unknown {
  if (typeof value === 'string')
    return value.startsWith('/') && !value.startsWith('/tmp/demo') ? '/…' : value.slice(0, 200);
  if (Array.isArray(value)) return value.slice(0, 10).map(short);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, short(one)]));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
