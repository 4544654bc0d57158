/** A Makefile's targets. make itself isn't asked: it would run what `$(shell …)` says. */
import { NOTHING, type Finding } from '../../core/plan/first/finding.ts';
import type { TopFolder } from './files.ts';

/** `name …:` at the beginning of a line; an assignment (`:=`) is none. */
const RULE = /^([A-Za-z0-9][\w.-]*(?:[ \t]+[A-Za-z0-9][\w.-]*)*)[ \t]*::?(?!=)/gm;

export async function makeFinding(top: TopFolder): Promise<Finding | null> {
  const from = top.first('GNUmakefile', 'makefile', 'Makefile');
  if (from === null) return null;
  const text = await top.text(from);
  const targets = [...text.matchAll(RULE)].flatMap(([, names]) => names!.split(/[ \t]+/));
  const has = new Set(targets);
  const first = (...names: readonly string[]): string | null => {
    const name = names.find((one) => has.has(one));
    return name === undefined ? null : `make ${name}`;
  };
  const build = first('build', 'all') ?? (targets.length > 0 ? 'make' : null);
  const lint = first('lint');
  const more = lint === null ? [] : [{ name: 'lint', run: lint }];
  return { ...NOTHING, from, build, test: first('test', 'tests', 'check'), more };
}
