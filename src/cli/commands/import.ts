/** plan import: a plan out of the documents that people wrote before. */
import { writeFileSync, existsSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { readMarkdown } from '../../adapters/markdown/read.ts';
import { parsePlan } from '../../adapters/planfile/load.ts';
import { readTextFile } from '../../adapters/planfile/read-text.ts';
import { planYaml } from '../../adapters/planfile/write-plan.ts';
import { importPlan } from '../../core/plan/import/import.ts';
import type { ImportDocument } from '../../core/plan/import/import.ts';
import { problemLine } from '../../core/plan/model.ts';
import { planDocument } from '../../core/plan/show/document.ts';
import { oneLine } from '../../core/text.ts';
import type { CommandLine } from '../define.ts';
import { CliError, EXIT } from '../errors.ts';
import { print, printJson } from '../io.ts';
import { shortest } from '../prepare.ts';
import { counted } from '../table.ts';
import { shownProblems, summary, tellProblems } from './plan.ts';

export async function planImport({ context, args, options }: CommandLine): Promise<void> {
  const named = (args[0] ?? []) as readonly string[];
  const documents: ImportDocument[] = [];
  for (const name of named) {
    const path = resolve(context.cwd, name);
    const read = await readTextFile(path, 'the document');
    const wrong = read.problems.find(({ severity }) => severity === 'error');
    if (!read.ok) throw new CliError(wrong ? problemLine({ ...wrong, file: name }) : `${name} can't be read`);
    documents.push({ file: path, blocks: readMarkdown(read.text, path) });
  }
  const { plan, notUnderstood } = importPlan(documents, String(options.profile));
  const text = planYaml(plan, [
    `Read from ${documents.map(({ file }) => basename(file)).join(' and ')} by \`llmctl plan import\`.`,
    'Behind each value stands the line it came from; what has none is not in the documents.',
  ]);
  const output = typeof options.output === 'string' ? resolve(context.cwd, options.output) : null;
  const shown = output === null ? 'the imported plan' : shortest(output, context.cwd);
  const loaded = parsePlan(text, output ?? shown);
  if (!loaded.ok) process.exitCode = EXIT.failed;
  if (output !== null) write(output, shown, text, options.force === true);
  const problems = shownProblems(loaded, context);
  const open = notUnderstood.map(({ file, line, text: what }) => ({
    line,
    text: oneLine(what, 200),
    file: shortest(file, context.cwd),
  }));
  if (context.json) {
    printJson({ ...planDocument(loaded.ok ? loaded.plan : null, problems), notUnderstood: open, output });
    return;
  }
  if (output === null) print(text.trimEnd());
  tellProblems(problems);
  const count = counted(open.length, 'line');
  const list = open.map(({ file, line, text: what }) => `${file}:${line}: ${what}`);
  const says = [`${count} of the documents not understood${list.length === 0 ? '' : ':'}`, ...list].join('\n');
  if (output === null) process.stderr.write(`${says}\n`);
  else print([...(loaded.ok ? [summary(loaded.plan, shown)] : []), says].join('\n'));
}

function write(path: string, shown: string, text: string, force: boolean): void {
  if (existsSync(path) && !force) throw new CliError(`${shown} is there already: --force writes over it`);
  if (!existsSync(dirname(path))) throw new CliError(`there is no folder ${dirname(path)}: make it first`);
  writeFileSync(path, text);
}
