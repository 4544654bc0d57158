import { describe, expect, it } from 'vitest';
import { asideWords, goesAside } from './aside.ts';
import type { Profile } from './profile.ts';

const of = (aside: Profile['briefing']['aside']): Pick<Profile, 'briefing'> => ({
  briefing: { how: 'paste-enter', pauseMs: 180, mute: false, aside },
});
const profile = of({ match: '@\\S|^/(?![a-z]+(?:\\s|$))', over: 100, say: 'read @s:message://{message}' });

describe('a message that a CLI would change', () => {
  it.each(['@a', 'see\n@a', 'ana@example.org', '/etc/hosts is it', 'x'.repeat(101)])('goes aside: %.20j', (text) => {
    expect(goesAside(profile, text)).toBe(true);
  });

  it.each(['a @ b', '/help me', '/compact', 'x'.repeat(100)])('does not where it is none: %.20j', (text) => {
    expect(goesAside(profile, text)).toBe(false);
  });

  it('is named by what is typed', () => {
    expect(asideWords(profile, '3')).toBe('read @s:message://3');
    expect(goesAside(of(null), '@a')).toBe(false);
  });
});
