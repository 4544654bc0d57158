/** What the end of a program means. */
import type { AgentExit, AgentStateName } from '../model/agent.ts';

/** Signals as signal(7) numbers them on Linux for x86 and ARM, those that end programs. */
const SIGNALS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  3: 'SIGQUIT',
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  10: 'SIGUSR1',
  11: 'SIGSEGV',
  12: 'SIGUSR2',
  13: 'SIGPIPE',
  14: 'SIGALRM',
  15: 'SIGTERM',
  24: 'SIGXCPU',
  25: 'SIGXFSZ',
  31: 'SIGSYS',
};

export function signalName(signal: number): string {
  return SIGNALS[signal] ?? `signal ${signal}`;
}

/** In words: "exit code 2", "ended by SIGKILL". */
export function exitWords(exit: AgentExit): string {
  if (exit.signal !== null && exit.signal !== 0) return `ended by ${signalName(exit.signal)}`;
  return exit.code === null ? 'ended' : `exit code ${exit.code}`;
}

/** 0 is done; asked for, it is stopped whatever the code; everything else failed. */
export function endState(exit: AgentExit, asked: boolean): Extract<AgentStateName, 'done' | 'failed' | 'stopped'> {
  if (asked) return 'stopped';
  return exit.code === 0 && !exit.signal ? 'done' : 'failed';
}
