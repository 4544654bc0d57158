/** The profiles of a session as rules for its agents: read again when a person edits one. */
import { homedir } from 'node:os';
import { loadProfiles, profileFolder, type Profiles } from '../../adapters/profiles/load.ts';
import { programVersion } from '../../adapters/profiles/version.ts';
import { FolderWatch } from '../../adapters/profiles/watch.ts';
import { findProgram } from '../../adapters/ptyhost/find-program.ts';
import type { ScreenRules } from '../../adapters/terminal/screen-reader.ts';
import { SOURCES, type Source } from '../../core/agents/board.ts';
import type { AgentSpec } from '../../core/model/agent.ts';
import { isProgramOf } from '../../core/profile/launch.ts';
import { readyRules } from '../../core/profile/match.ts';
import type { EventRule, Profile, RULE_LISTS, UsageReader } from '../../core/profile/profile.ts';
import { GENERIC_PROFILE, ruleName } from '../../core/profile/read.ts';
import { problemLine } from '../../core/plan/model.ts';
import type { Command } from '../../core/model/commands.ts';
import { log } from '../log.ts';
import type { SignalRules } from './words.ts';

export interface ProfileRules extends SignalRules {
  /** Id of the profile. */
  readonly name: string;
  readonly screen: ScreenRules;
  readonly hooks: readonly EventRule[];
  readonly events: readonly EventRule[];
  /** What tells its state, best first. */
  readonly channels: readonly Source[];
  /** Where it says what it used. */
  readonly usage: readonly UsageReader[];
  /** Some of them are a person's own: nobody tried them on everything that a program may print. */
  readonly personal: boolean;
  /** Its terminal is never smaller. */
  readonly floor: { readonly cols: number; readonly rows: number };
  /** Of the program; null where nobody asked. */
  readonly version: string | null;
}

const NO_RULES: ProfileRules = {
  name: GENERIC_PROFILE,
  titles: [],
  notifications: [],
  screen: { rules: [], version: null },
  hooks: [],
  events: [],
  channels: [],
  usage: [],
  personal: false,
  floor: { cols: 1, rows: 1 },
  version: null,
};
const CAUSE = 'profile:';

export type RuleList = (typeof RULE_LISTS)[number] | 'events';

export interface ProfileKeeperParts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly dispatch: (command: Command) => void;
  /** Rules may be others now. */
  readonly onChange: () => void;
}

export class ProfileKeeper {
  readonly #parts: ProfileKeeperParts;
  readonly #watch: FolderWatch;
  #profiles: Profiles = { byId: new Map(), problems: [] };
  #rules = new Map<string, ProfileRules>();
  #told = new Set<string>();
  /** Why rules are switched off, by profile, list and rule: until the profiles are read again. */
  #slow = new Map<string, string>();
  #reading: Promise<void> = Promise.resolve();

  constructor(parts: ProfileKeeperParts) {
    this.#parts = parts;
    this.#watch = new FolderWatch(profileFolder(parts.env), () => {
      this.#reading = this.#reading.then(() => this.load()).catch((error: Error) => log(`profiles: ${error.message}`));
    });
  }

  get profiles(): Profiles {
    return this.#profiles;
  }

  /** Never rejects for what is wrong with a profile: that becomes an alert, and the others count. */
  async load(): Promise<void> {
    this.#profiles = await loadProfiles(this.#parts.env);
    this.#rules = new Map([...this.#profiles.byId].map(([id, profile]) => [id, rulesOf(profile, null)]));
    this.#slow.clear();
    this.#tell();
    this.#parts.onChange();
    for (const profile of this.#profiles.byId.values()) if (namesVersions(profile)) void this.#ask(profile);
  }

  /** Some of its rules are not of every version: until the program has said which it is, all count. */
  async #ask(profile: Profile): Promise<void> {
    const { env } = this.#parts;
    const found = findProgram(profile.command[0] ?? '', env['PATH'] ?? '', homedir());
    const version = found.ok ? await programVersion(found.file, profile, env) : null;
    if (version === null || this.#profiles.byId.get(profile.id) !== profile) return;
    this.#rules.set(profile.id, rulesOf(profile, version));
    this.#parts.onChange();
  }

  /** A rule takes too long: no agent is read by it any more, until a person has edited a profile. */
  switchOff(id: string, list: RuleList, name: string): void {
    const rules = this.#rules.get(id);
    const profile = this.#profiles.byId.get(id);
    const key = `${id} ${list} ${name}`;
    if (rules === undefined || profile === undefined || this.#slow.has(key)) return;
    const place = profile.places[`${list} ${name}`] ?? `llmctl's own profile ${id}`;
    const what = `its rule "${name}" (${list}) takes too long on what the program shows and is switched off`;
    this.#slow.set(key, `${place}: ${what}; write it without one repetition in another, such as (a+)+`);
    this.#rules.set(id, without(rules, list, name));
    this.#tell();
    this.#parts.onChange();
  }

  start(): void {
    this.#watch.start();
  }

  stop(): void {
    this.#watch.stop();
  }

  /** @param id of a profile; those for any program where there is none of that name */
  of(id: string): ProfileRules {
    return this.#rules.get(id) ?? this.#rules.get(GENERIC_PROFILE) ?? NO_RULES;
  }

  /** The profile whose own program an agent runs, as it was read last; null: a program that none knows from inside. */
  ownOf({ profile: id, command }: Pick<AgentSpec, 'profile' | 'command'>): Profile | null {
    const profile = this.#profiles.byId.get(id);
    return profile !== undefined && isProgramOf(profile, command) ? profile : null;
  }

  /** Why rules of a profile are switched off, one line each. */
  off(id: string): readonly string[] {
    return [...this.#slow].flatMap(([key, text]) => (key.startsWith(`${id} `) ? [text] : []));
  }

  #tell(): void {
    const { dispatch } = this.#parts;
    const lines = new Set([...this.#profiles.problems.map(problemLine), ...this.#slow.values()]);
    for (const line of this.#told) if (!lines.has(line)) dispatch({ type: 'alert.over', cause: CAUSE + line });
    for (const text of lines) {
      if (!this.#told.has(text)) dispatch({ type: 'alert', level: 'warn', text, agent: null, cause: CAUSE + text });
    }
    this.#told = lines;
  }
}

function namesVersions({ screen, titles, notifications, hooks, api }: Profile): boolean {
  const rules = [...screen, ...titles, ...notifications, ...hooks, ...(api?.rules ?? [])];
  return rules.some(({ since, before }) => since !== null || before !== null);
}

function rulesOf(profile: Profile, version: string | null): ProfileRules {
  return {
    name: profile.id,
    titles: readyRules(profile.titles, version),
    notifications: readyRules(profile.notifications, version),
    screen: { rules: profile.screen, version },
    hooks: profile.hooks,
    events: profile.api?.rules ?? [],
    channels: SOURCES.filter((source) => profile.channels.includes(source)),
    usage: profile.usage,
    personal: profile.from === 'person',
    floor: profile.floor,
    version,
  };
}

function without(rules: ProfileRules, list: RuleList, name: string): ProfileRules {
  switch (list) {
    case 'screen': {
      const { version } = rules.screen;
      return { ...rules, screen: { rules: rules.screen.rules.filter(({ id }) => id !== name), version } };
    }
    case 'titles':
    case 'notifications':
      return { ...rules, [list]: rules[list].filter(({ rule }) => rule.id !== name) };
    case 'hooks':
    case 'events':
      return { ...rules, [list]: rules[list].filter((rule) => ruleName(rule) !== name) };
  }
}
