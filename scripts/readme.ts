/** Writes the table of keys into the README from the table of data: `npm run readme`. A test tells when it is due. */
import { readFileSync, writeFileSync } from 'node:fs';
import { BINDINGS } from '../src/tui/keys/bindings.ts';
import { keysMarkdown, withKeys } from '../src/tui/keys/markdown.ts';

const file = new URL('../README.md', import.meta.url);
writeFileSync(file, withKeys(readFileSync(file, 'utf8'), keysMarkdown(BINDINGS)));
