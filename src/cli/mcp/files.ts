/** Tools about files: whose they are, and whether one may write them. */
import { resolve } from 'node:path';
import { z } from 'zod';
import { claimable } from '../agent/voice.ts';
import { realFile } from '../../adapters/paths/real-file.ts';
import { claim, mayWrite } from '../requests.ts';
import { folderOf } from './looking.ts';
import { tool } from './tool.ts';

const path = z
  .string()
  .min(1)
  .max(4096)
  .refine((text) => !text.includes('\0'), 'a path holds no NUL')
  .describe('Absolute, or relative to the top of your worktree; a folder ends in "/"');

export const claimFiles = tool(
  {
    name: 'claim_files',
    title: 'Claim files',
    description:
      'Say which files or folders you are going to write, before you do. You get all of them or none: what another agent holds is named. A claim lasts until you release it or report done.',
    input: z.strictObject({ paths: z.array(path).min(1).max(200) }),
    readOnly: false,
  },
  async ({ connection, see, agent }, { paths }) => {
    const { me, status } = await see();
    const { held } = await claim(connection, 'claim', agent, claimable(paths, folderOf(me, status)));
    return { held };
  },
);

export const releaseFiles = tool(
  {
    name: 'release_files',
    title: 'Release files',
    description:
      'Let go of files that you claimed and are done with, so that others may have them. Without paths: all that can be let go.',
    input: z.strictObject({ paths: z.array(path).max(200).default([]) }),
    readOnly: false,
  },
  async ({ connection, see, agent }, { paths }) => {
    const { me, status } = await see();
    const what = paths.length === 0 ? null : claimable(paths, folderOf(me, status));
    const { held } = await claim(connection, 'release', agent, what);
    return { held };
  },
);

export const checkFile = tool(
  {
    name: 'check_file',
    title: 'May I write it?',
    description:
      'Whether you may write a file now, who holds it, and which other agents have changed it. Ask before you edit a file that is not plainly yours.',
    input: z.strictObject({ path }),
    readOnly: true,
  },
  async ({ connection, see, agent }, { path: named }) => {
    const { me, status } = await see();
    const top = folderOf(me, status);
    const file = realFile(resolve(top, named));
    const { allowed, holder, reason } = await mayWrite(connection, agent, file);
    const inside = file.startsWith(`${top}/`);
    const path = inside ? file.slice(top.length + 1) : file;
    const changedBy = status.agents.filter(({ id, changed }) => id !== agent && inside && changed.includes(path));
    return {
      path,
      mayWrite: allowed,
      holder,
      reason: reason || advice(holder, agent),
      changedBy: changedBy.map(({ id }) => id),
    };
  },
);

function advice(holder: string | null, agent: string): string {
  if (holder === null) return 'nobody has claimed it';
  return holder === agent
    ? 'it is yours'
    : `${holder} has claimed it: you may, but better ask or do something else first`;
}
