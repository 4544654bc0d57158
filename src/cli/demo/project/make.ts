/** Makes the demo's throw-away repository. */
import { makeScratch, type Scratch } from '../../scratch/scratch.ts';
import { ABACUS } from './abacus.ts';

/**
 * @param keep nobody but the person deletes it
 * @throws CliError where git is missing or the folder can't be written
 */
export function makeProject(plan: string, keep: boolean): Promise<Scratch> {
  const commits = ABACUS.map(({ message, files }) => ({
    message,
    files: new Map(files.map(({ path, text }) => [path, text])),
  }));
  const last = { message: 'A plan for four agents', files: new Map([['llmctl.yaml', plan]]) };
  return makeScratch({ kind: 'demo', name: 'abacus', commits: [...commits, last], keep });
}
