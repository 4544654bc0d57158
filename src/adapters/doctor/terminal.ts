/** What the terminal says of itself through the environment. */
import { fail, ok, warn } from './model.ts';
import type { DoctorFacts, DoctorRow } from './model.ts';

const LEAST = { cols: 40, rows: 10 };
const COMFORTABLE = { cols: 80, rows: 24 };

export function terminalRow({ env, terminal }: DoctorFacts): DoctorRow {
  const term = env['TERM'] ?? '';
  if (terminal === null) {
    return ok('terminal', 'standard output is no terminal: every command but the control room works');
  }
  if (term === '' || term === 'dumb') {
    const found = term === '' ? 'TERM is not set' : 'TERM is dumb';
    return fail('terminal', `${found}: the control room can't be drawn`, 'export TERM=xterm-256color');
  }
  const size = `${term}, ${terminal.cols}×${terminal.rows}`;
  if (terminal.cols < LEAST.cols || terminal.rows < LEAST.rows) {
    return fail('terminal', size, `enlarge it to ${LEAST.cols}×${LEAST.rows} at least`);
  }
  if (terminal.cols < COMFORTABLE.cols || terminal.rows < COMFORTABLE.rows) {
    return warn('terminal', size, `enlarge it to ${COMFORTABLE.cols}×${COMFORTABLE.rows}: panes become title bars`);
  }
  return ok('terminal', size);
}

export function colourRow({ env }: DoctorFacts): DoctorRow {
  if (env['NO_COLOR']) return ok('colours', 'none, because NO_COLOR is set');
  const term = env['TERM'] ?? '';
  if (/^(truecolor|24bit)$/i.test(env['COLORTERM'] ?? '') || term.endsWith('-direct'))
    return ok('colours', '16 million');
  if (term.includes('256')) {
    return ok('colours', '256 (export COLORTERM=truecolor where the terminal has more)');
  }
  return warn('colours', '16', 'export TERM=xterm-256color where the terminal can do it');
}

export function localeRow({ env }: DoctorFacts): DoctorRow {
  // The order that setlocale(3) takes them in.
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  if (/utf-?8/i.test(locale)) return ok('locale', locale);
  const found = locale === '' ? 'not set' : locale;
  return warn('locale', `${found}: programs may print no UTF-8`, 'export LC_ALL=C.UTF-8');
}

export function multiplexerRow({ env }: DoctorFacts): DoctorRow {
  const inside = env['TMUX'] ? 'tmux' : env['STY'] ? 'screen' : null;
  const far = env['SSH_CONNECTION'] ? ', over SSH' : '';
  if (inside === null) return ok('multiplexer', `none around it${far}`);
  return ok('multiplexer', `inside ${inside}${far}: its own prefix key goes to it first`);
}
