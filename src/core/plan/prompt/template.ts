/** Templates: text with {{names}} in it; `\{{` stands for two braces. */

export interface TemplateName {
  readonly name: string;
  /** Offset of the name itself in the text. */
  readonly at: number;
}

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'name'; readonly name: TemplateName }
  /** Two braces that no name follows, or that are never closed. */
  | { readonly kind: 'broken'; readonly at: number; readonly why: string };

const NAME = /^[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z0-9][A-Za-z0-9_-]*)*$/;

/** Takes a template apart. */
export function parseTemplate(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (;;) {
    const open = text.indexOf('{{', from);
    if (open < 0) break;
    if (text[open - 1] === '\\') {
      parts.push({ kind: 'text', text: `${text.slice(from, open - 1)}{{` });
      from = open + 2;
      continue;
    }
    if (open > from) parts.push({ kind: 'text', text: text.slice(from, open) });
    const close = text.indexOf('}}', open);
    const inner = close < 0 ? '' : text.slice(open + 2, close);
    if (close < 0 || inner.includes('\n')) {
      parts.push({ kind: 'broken', at: open, why: 'is never closed' });
      from = open + 2;
      continue;
    }
    const name = inner.trim();
    const at = open + 2 + inner.length - inner.trimStart().length;
    if (NAME.test(name)) parts.push({ kind: 'name', name: { name, at } });
    else parts.push({ kind: 'broken', at: open, why: name === '' ? 'holds no name' : 'holds more than a name' });
    from = close + 2;
  }
  if (from < text.length) parts.push({ kind: 'text', text: text.slice(from) });
  return parts;
}

/** Names that a template uses. */
export function templateNames(text: string): readonly TemplateName[] {
  return parseTemplate(text).flatMap((part) => (part.kind === 'name' ? [part.name] : []));
}

/**
 * The text with every name replaced by its value.
 * @throws Error naming what isn't known: templates are checked before, so this is a mistake of the program
 */
export function renderTemplate(text: string, values: ReadonlyMap<string, string>): string {
  return parseTemplate(text)
    .map((part) => {
      if (part.kind === 'text') return part.text;
      if (part.kind === 'broken') throw new Error(`"{{" ${part.why}`);
      const value = values.get(part.name.name);
      if (value === undefined) throw new Error(`{{${part.name.name}}} is unknown`);
      return value;
    })
    .join('');
}
