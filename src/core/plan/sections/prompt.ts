/** Prompts and other templates: text in place, a file inside the repository, or one of the plan's `prompts` by name. */
import { MapReader, readText, shorten } from '../reader.ts';
import { treeKindName, textPlace } from '../tree.ts';
import type { Tree } from '../tree.ts';
import type { ReadContext, Shape } from '../shape/shape.ts';

export type PlanPrompt =
  /** `file` is the path as the plan names it; null: the text stands in the plan itself. */
  | { readonly kind: 'text'; readonly text: string; readonly file: string | null }
  | { readonly kind: 'use'; readonly name: string };

const MAX_PROMPT = 100_000;
const EXAMPLE = 'text, {file: prompts/a.md}, or {use: NAME} of "prompts"';

export const prompt: Shape<PlanPrompt> = {
  schema: {
    anyOf: [
      { type: 'string', minLength: 1, maxLength: MAX_PROMPT },
      {
        type: 'object',
        properties: {
          file: { type: 'string', description: 'A file inside the repository, relative to the plan.' },
          use: { type: 'string', description: 'The name of one of the plan\'s "prompts".' },
        },
        additionalProperties: false,
        minLength: 1,
      },
    ],
  },
  example: EXAMPLE,
  read(tree, what, context) {
    if (tree.kind === 'map') return readNamed(new MapReader(tree, what, context.problems), tree, context);
    const text = readText(tree, what, context.problems, { line: false, max: MAX_PROMPT });
    if (text === null) return null;
    const read: PlanPrompt = { kind: 'text', text, file: null };
    context.places.setLocator(read, (offset) => textPlace(tree, offset));
    return read;
  },
};

function readNamed(reader: MapReader, tree: Tree, context: ReadContext): PlanPrompt | null {
  const file = reader.text('file', { max: 1000 });
  const use = reader.text('use', { max: 100 });
  reader.finish();
  if ((reader.take('file') === null) === (reader.take('use') === null)) {
    context.problems.error(tree.at, `${reader.what} must be ${treeKindName(tree)} with one of file and use`);
    return null;
  }
  if (use !== null) {
    const read: PlanPrompt = { kind: 'use', name: use };
    context.places.set(read, reader.take('use')!.at);
    return read;
  }
  if (file === null) return null;
  const source = context.sources.get(file);
  if (source === undefined) {
    const at = reader.take('file')!.at;
    context.problems.error(at, `"${shorten(file)}" can't be read here; name a file inside the repository`);
    return null;
  }
  const { text } = source;
  const read: PlanPrompt = { kind: 'text', text, file };
  context.places.set(read, reader.take('file')!.at);
  context.places.setLocator(read, (offset) => {
    const before = text.slice(0, offset).split('\n');
    return { line: before.length, column: before.at(-1)!.length + 1, file: source.file };
  });
  return read;
}
