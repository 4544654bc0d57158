import { describe, expect, it } from 'vitest';
import { splitArgv } from './argv.ts';

describe('splitArgv', () => {
  it.each<[string, string[]]>([
    ['claude', ['claude']],
    ['  claude   --model x ', ['claude', '--model', 'x']],
    [`sh -c 'a; b "c"'`, ['sh', '-c', 'a; b "c"']],
    [`echo "a \\"b\\" \\$c \\d"`, ['echo', 'a "b" $c \\d']],
    ['a\\ b c', ['a b', 'c']],
    [`x '' ""`, ['x', '', '']],
    ['echo $(touch canary) `id` *', ['echo', '$(touch', 'canary)', '`id`', '*']],
    [`echo '|' \\;`, ['echo', '|', ';']],
    ['a\tb\nc', ['a', 'b', 'c']],
    [`pre'fix'ed`, ['prefixed']],
  ])('%s', (line, argv) => {
    expect(splitArgv(line)).toEqual({ ok: true, argv });
  });

  it.each<[string, RegExp]>([
    ['', /no program/],
    ['   ', /no program/],
    [`''`, /no program/],
    [`a 'b`, /never closed/],
    ['a "b', /never closed/],
    ['a \\', /backslash/],
    ['make | tee log', /needs a shell/],
    ['a && b', /needs a shell/],
  ])('refuses %s', (line, reason) => {
    const split = splitArgv(line);
    expect(split.ok).toBe(false);
    expect(split.ok ? '' : split.reason).toMatch(reason);
  });
});
