/** Standard output and input of a command: one JSON document or text, never both, and quiet when the reader left. */
import { stripVTControlCharacters } from 'node:util';
import { showControls } from '../core/text.ts';

/** `llmctl log | head` closes our pipe, a terminal goes away (EIO): the reader's good right and no error of ours. */
export function quietOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || error.code === 'EIO') process.exit(process.exitCode ?? 0);
      throw error;
    });
  }
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, process.stdout.isTTY ? 2 : 0)}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The one line on stderr; line breaks inside `text` would make it two. */
export function printError(text: string): void {
  process.stderr.write(`llmctl: ${oneLine(text)}\n`);
}

/** One line that does nothing to a terminal: names in it may be anybody's. */
export function oneLine(text: string): string {
  const line = stripVTControlCharacters(text).replace(/\s*[\r\n]+\s*/g, ' ');
  return showControls(line.trim());
}

/**
 * Asks on the terminal.
 * @returns true for an answer that begins with y; what Enter alone means is `whenEmpty`
 */
export async function ask(question: string, whenEmpty: boolean): Promise<boolean> {
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = (await prompt.question(`${question} [${whenEmpty ? 'Y/n' : 'y/N'}] `)).trim().toLowerCase();
    return answer === '' ? whenEmpty : answer.startsWith('y');
  } finally {
    prompt.close();
  }
}

/** Resolves at the first SIGINT or SIGTERM: how a command that follows something is left. */
export function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}
