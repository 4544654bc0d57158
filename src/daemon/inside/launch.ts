/** What an agent's program is started with beside its own command: its profile's words, files, environment. */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { loadProfiles } from '../../adapters/profiles/load.ts';
import { freePort, runFolder, writeRunFiles } from '../../adapters/profiles/run-folder.ts';
import type { Agent } from '../../core/model/agent.ts';
import { isProgramOf, launchOf, type Beginning, type Launch } from '../../core/profile/launch.ts';
import type { Profile } from '../../core/profile/profile.ts';

export interface LaunchContext {
  readonly stateDir: string;
  /** Folder that holds a `llmctl` for agents. */
  readonly binFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Known to llmctl and this run alone. */
  readonly secret: string;
}

export interface Launched extends Launch {
  readonly resumed: boolean;
  /** By a hook, or its API. */
  readonly tells: boolean;
  /** But not before its first prompt. */
  readonly mute: boolean;
  /** Of its API on loopback; null where it has none. */
  readonly port: number | null;
}

const PLAIN: Launched = {
  words: [],
  env: {},
  files: {},
  prompted: false,
  resumed: false,
  tells: false,
  mute: false,
  port: null,
};

/** Writes the files of the run. @throws Error of node:fs */
export async function launch(agent: Agent, context: LaunchContext): Promise<Launched> {
  const { spec, tree } = agent;
  const { byId } = await loadProfiles(context.env);
  const profile = byId.get(spec.profile);
  if (profile === undefined || !isProgramOf(profile, spec.command)) return PLAIN;
  const beginning = beginningOf(agent, profile);
  const folder = runFolder(context.stateDir, spec.id);
  const port = profile.api === null ? null : await freePort();
  const values = {
    llmctl: join(context.binFolder, 'llmctl'),
    run: folder,
    worktree: tree?.dir ?? spec.cwd,
    agent: spec.id,
    secret: context.secret,
    ...(port === null ? {} : { port: String(port) }),
  };
  const made = launchOf(profile, beginning, spec.prompt, values);
  writeRunFiles(folder, made.files);
  const tells = profile.channels.includes('hook') || profile.channels.includes('api');
  return { ...made, resumed: beginning.kind !== 'new', tells, mute: profile.briefing.mute, port };
}

/** A conversation in which nothing was ever said is not kept by its CLI: going on with it would fail. */
function beginningOf({ conversation, cutOff, tree }: Agent, { launch: words }: Profile): Beginning {
  // It was at work, and told no id until it was cut off: nobody else works in its worktree.
  if (!conversation && cutOff && tree && words.begin === null && words.continue !== null) return { kind: 'continue' };
  const isKept = conversation?.transcript ? existsSync(conversation.transcript) : true;
  if (conversation && words.resume !== null && isKept) return { kind: 'resume', conversation: conversation.id };
  return { kind: 'new', conversation: words.begin === null ? null : randomUUID() };
}
