/** Objects of snapshots pile up one in a file: by the hundred thousand in a day. Together in a pack they take a hundredth of the room. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Oid, Outcome } from './api-merge.ts';
import { Git, attempt } from './plumb.ts';
import type { Dirs } from './plumb.ts';
import type { Scratch } from './scratch.ts';

/** From so many files on it is worth the work; git itself looks at one of the 256 folders, too (git-gc(1), gc.auto). */
const MOST_LOOSE = 10_000;
const FOLDERS = 256;
/** A few hundred thousand small objects. */
const PACK_MS = 10 * 60_000;

/**
 * Nothing is lost by it: what git does not find by itself any more it looks for among the packs (git-prune-packed(1)), so it may run
 * beside everything else. @param most files that may lie by themselves. @returns how many objects are packed now; 0: nothing was done
 */
export function packScratch(
  { commonDir }: Pick<Dirs, 'commonDir'>,
  scratch: Scratch,
  most = MOST_LOOSE,
): Promise<Outcome<{ packed: number }>> {
  return attempt(async () => {
    const objects = join(scratch.dir, 'objects');
    if ((await loose(objects, ['17'])).length * FOLDERS < most) return { packed: 0 };
    const git = new Git({ dir: commonDir, gitDir: commonDir, commonDir }, scratch.env);
    const packs = join(objects, 'pack');
    const old = await names(packs);
    const all = [...(await loose(objects, await folders(objects))), ...(await packedIn(git, packs, old))];
    const args = ['pack-objects', '--quiet', '--threads=1', '--window=5', '--non-empty', join(packs, 'pack')];
    const made = await git.line(args, { input: `${all.join('\n')}\n`, timeoutMs: PACK_MS });
    for (const name of old) if (!name.includes(made)) await rm(join(packs, name), { force: true });
    await git.run(['prune-packed', '--quiet'], { timeoutMs: PACK_MS });
    return { packed: all.length };
  });
}

async function folders(objects: string): Promise<string[]> {
  return (await names(objects)).filter((name) => /^[0-9a-f]{2}$/.test(name));
}

async function loose(objects: string, among: readonly string[]): Promise<Oid[]> {
  const found = await Promise.all(
    among.map(async (folder) =>
      (await names(join(objects, folder)))
        .filter((name) => /^(?:[0-9a-f]{38}|[0-9a-f]{62})$/.test(name))
        .map((name) => folder + name),
    ),
  );
  return found.flat();
}

/** "OID TYPE SIZE …", a line each (git-verify-pack(1), Output format). */
async function packedIn(git: Git, folder: string, files: readonly string[]): Promise<Oid[]> {
  const oids: Oid[] = [];
  for (const name of files.filter((one) => one.endsWith('.idx'))) {
    const { out } = await git.run(['verify-pack', '-v', join(folder, name)], { timeoutMs: PACK_MS });
    for (const [, oid] of out.toString('latin1').matchAll(/^([0-9a-f]{40,64}) (?:blob|tree|commit|tag) /gm))
      oids.push(oid!);
  }
  return oids;
}

async function names(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}
