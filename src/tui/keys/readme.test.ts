import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { BINDINGS } from './bindings.ts';
import { keysMarkdown, withKeys } from './markdown.ts';

it('keeps the table of keys in the README as the bindings are (`npm run readme` writes it)', () => {
  const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');
  expect(readme).toBe(withKeys(readme, keysMarkdown(BINDINGS)));
});
