/** The profiles of a session as rules for its agents: read again when a person edits one. */
import { homedir } from 'node:os';
import { loadProfiles, profileFolder, type Profiles } from '../../adapters/profiles/load.ts';
import { programVersion } from '../../adapters/profiles/version.ts';
import { FolderWatch } from '../../adapters/profiles/watch.ts';
import { findProgram } from '../../adapters/ptyhost/find-program.ts';
import type { ScreenRules } from '../../adapters/terminal/screen-reader.ts';
import { readyRules } from '../../core/profile/match.ts';
import type { EventRule, Profile, UsageReader } from '../../core/profile/profile.ts';
import { GENERIC_PROFILE } from '../../core/profile/read.ts';
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
  /** Where it says what it used. */
  readonly usage: readonly UsageReader[];
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
  usage: [],
  floor: { cols: 1, rows: 1 },
  version: null,
};
const CAUSE = 'profile:';

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

  #tell(): void {
    const { dispatch } = this.#parts;
    const lines = new Set(this.#profiles.problems.map(problemLine));
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
    usage: profile.usage,
    floor: profile.floor,
    version,
  };
}
