/** What `llmctl doctor` says about a machine and a terminal. */
export interface DoctorRow {
  /** Short, for the first column. */
  readonly name: string;
  /** ok: as it should be. warn: works, with something missing. fail: llmctl can't do its work. */
  readonly state: 'ok' | 'warn' | 'fail';
  /** What was found, one line. */
  readonly text: string;
  /** What to do about it; '' where nothing needs doing. */
  readonly remedy: string;
}

export interface DoctorFacts {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Size of the terminal; null where standard output is none. */
  readonly terminal: { readonly cols: number; readonly rows: number } | null;
  /** Absolute folder that the command is about. */
  readonly repo: string;
}

export const ok = (name: string, text: string): DoctorRow => ({ name, state: 'ok', text, remedy: '' });
export const warn = (name: string, text: string, remedy: string): DoctorRow => ({ name, state: 'warn', text, remedy });
export const fail = (name: string, text: string, remedy: string): DoctorRow => ({ name, state: 'fail', text, remedy });
