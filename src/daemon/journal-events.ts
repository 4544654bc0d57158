/** What the journal has to say of itself, as alerts. */
import type { Command } from '../core/model/commands.ts';
import { log } from './log.ts';

export function journalEvents(dispatch: (command: Command) => void) {
  const alert = (text: string, cause: string) => {
    log(text);
    // The journal is written from within the loop.
    setImmediate(() => dispatch({ type: 'alert', level: 'error', text, agent: null, cause }));
  };
  return {
    onTrouble: (reason: string | null) => {
      if (reason === null) setImmediate(() => dispatch({ type: 'alert.over', cause: 'journal' }));
      else alert(`the journal can't be written: ${reason}; what happens is kept in memory until it can`, 'journal');
    },
    onReplaced: (notice: string) => alert(notice, 'journal-damaged'),
  };
}
