/** Which agents' programs are there, how old they are, and whether anybody is logged in. Each is asked for its version, no more. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { compareVersions } from '../../core/profile/match.ts';
import type { Profile } from '../../core/profile/profile.ts';
import { findProgram } from '../ptyhost/find-program.ts';
import { launchable, loadProfiles } from '../profiles/load.ts';
import { COMMAND_PROFILE } from '../profiles/plan-agents.ts';
import { programVersion } from '../profiles/version.ts';
import { ok, warn } from './model.ts';
import type { DoctorFacts, DoctorRow } from './model.ts';

/** One row for each profile with a program of its own, and one for each that is wrong. */
export async function agentRows(facts: DoctorFacts): Promise<DoctorRow[]> {
  const profiles = await loadProfiles(facts.env);
  const shown = launchable(profiles).filter(({ id }) => id !== 'demo' && id !== COMMAND_PROFILE);
  const rows = await Promise.all(shown.map((profile) => agentRow(profile, facts)));
  const broken = profiles.problems.map((problem) =>
    warn('profile', `${problem.file}:${problem.line}:${problem.column}: ${problem.message}`, 'mend the file'),
  );
  return [...rows, ...broken];
}

async function agentRow(profile: Profile, { env, repo }: DoctorFacts): Promise<DoctorRow> {
  const name = `profile ${profile.id}`;
  const [program = ''] = profile.command;
  const found = findProgram(program, env['PATH'] ?? '', repo);
  if (!found.ok) return warn(name, `${program} is not on the PATH`, profile.install || 'install it, or use another');
  const version = await programVersion(found.file, profile, env);
  const text = version === null ? found.file : `${version}, ${found.file}`;
  const update = profile.install || 'update it';
  if (version === null && profile.version.match !== null) {
    return warn(
      name,
      `${found.file} does not say which version it is`,
      `try "${program} ${profile.version.args.join(' ')}"`,
    );
  }
  const old = version === null ? null : tooOld(version, profile);
  if (old !== null) return warn(name, `${text}: ${old}`, update);
  if (!isLoggedIn(profile, env)) return warn(name, `${text}: no sign that anybody is logged in`, profile.login.how);
  return ok(name, version === null ? text : `${text}${newerThanTried(version, profile)}`);
}

/** In words; null where it is not. */
function tooOld(version: string, { version: { least, tried } }: Profile): string | null {
  if (least !== null && compareVersions(version, least) < 0) return `too old, ${least} is the least`;
  const oldest = tried.toSorted(compareVersions)[0];
  if (oldest === undefined || compareVersions(version, oldest) >= 0) return null;
  return `older than any that was tried (${oldest}): its state may be read wrongly`;
}

function newerThanTried(version: string, { version: { tried } }: Profile): string {
  const newest = tried.toSorted(compareVersions).at(-1);
  return newest !== undefined && compareVersions(version, newest) > 0 ? ` (tried: ${newest})` : '';
}

/** Where nothing is known that would tell, nothing is missing. */
function isLoggedIn({ login }: Profile, env: DoctorFacts['env']): boolean {
  if (login.env.length === 0 && login.files.length === 0) return true;
  const home = env['HOME'] ?? homedir();
  const isThere = (file: string): boolean => existsSync(file.startsWith('~/') ? join(home, file.slice(2)) : file);
  return login.env.some((name) => (env[name] ?? '') !== '') || login.files.some(isThere);
}
