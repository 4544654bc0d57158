/** The state that a hook shows. */
import type { Evident } from './evidence.ts';
import type { Moment } from './hook-moment.ts';

type Fields = Readonly<Record<string, unknown>>;

/** @returns null where it shows none; what it asks for is told as a permission */
export function hookEvidence(moment: Moment, said: Fields): Evident | null {
  const tell = (state: Evident['state'], reason: string): Evident => ({ state, reason, evidence: 'hook' });
  const tool = text(said.tool_name);
  switch (moment) {
    case 'prompt':
      return tell('working', 'has a prompt');
    case 'before-tool':
      return tell('working', `uses ${tool || 'a tool'}`);
    case 'after-tool':
      return tell('working', `used ${tool || 'a tool'}`);
    case 'turn-over':
      return tell('idle', 'its turn is over');
    case 'failed': {
      const error = [text(said.error), text(said.error_type), text(said.reason), text(said.message)]
        .filter(Boolean)
        .join(' ');
      return tell(/limit|quota|overload/i.test(error) ? 'limited' : 'waiting', error || 'its turn failed');
    }
    case 'began':
    case 'asks':
    case 'notice':
    case 'ended':
    case 'figures':
      return null;
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
