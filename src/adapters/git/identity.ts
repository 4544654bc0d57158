/** Whose name stands in the commits that llmctl makes for people. */
import type { Git } from './plumb.ts';

export interface Identity {
  readonly name: string;
  readonly email: string;
}

const LLMCTL: Identity = { name: 'llmctl', email: 'llmctl@localhost' };

/** user.name and user.email as git finds them here (git-config(1)); llmctl's own where one of them is not set. */
export async function identityOf(git: Git): Promise<Identity> {
  const args = ['config', '-z', '--get-regexp', String.raw`^user\.(name|email)$`];
  const { out } = await git.run(args, { ok: [0, 1] });
  const found = new Map<string, string>();
  for (const pair of out.toString().split('\0')) {
    const end = pair.indexOf('\n');
    // The last one counts.
    if (end > 0) found.set(pair.slice(0, end), cleaned(pair.slice(end + 1)));
  }
  const [name, email] = [found.get('user.name'), found.get('user.email')];
  return name && email ? { name, email } : LLMCTL;
}

/** Without what would end the field (git's strbuf_addstr_without_crud in ident.c). */
function cleaned(text: string): string {
  return text.replace(/[<>\0\r\n]/g, '').trim();
}

/** "NAME <EMAIL>". */
export function written({ name, email }: Identity): string {
  return `${cleaned(name)} <${cleaned(email)}>`;
}
