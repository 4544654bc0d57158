import { type Binding, CONTEXT_TITLES, KEY_CONTEXTS } from './binding.ts';

/** How keys are shown to people: `1` to `9` as one. */
export function keyNames(binding: Binding): readonly string[] {
  const all = binding.keys.join('');
  return all === '123456789' ? ['1–9'] : binding.keys;
}

/** The table of keys for the README, one table a context. */
export function keysMarkdown(table: readonly Binding[]): string {
  const sections = KEY_CONTEXTS.map((context) => {
    const rows = table.filter((binding) => binding.when[0] === context).map(row);
    if (rows.length === 0) return '';
    return [
      `**${CONTEXT_TITLES[context]}**`,
      '',
      '| keys | command | what it does |',
      '| --- | --- | --- |',
      ...rows,
    ].join('\n');
  });
  return sections.filter((text) => text !== '').join('\n\n');
}

function row(binding: Binding): string {
  const keys = keyNames(binding).map((key) => `\`${key === '|' ? '\\|' : key}\``);
  return `| ${keys.join(' ')} | \`${binding.id}\` | ${binding.description} |`;
}

const BEGIN = '<!-- keys:begin -->';
const END = '<!-- keys:end -->';

/**
 * @param readme a text with the two marks in it
 * @returns the text with `tables` between the marks, and nothing else there
 */
export function withKeys(readme: string, tables: string): string {
  const from = readme.indexOf(BEGIN);
  const to = readme.indexOf(END);
  if (from < 0 || to < from) throw new Error(`the marks ${BEGIN} and ${END} are missing`);
  return `${readme.slice(0, from + BEGIN.length)}\n\n${tables}\n\n${readme.slice(to)}`;
}
