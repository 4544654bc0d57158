/** What an MCP client did wrong, on its way to a person: into the log of its CLI, and as an alert of the session. */
import { voiceOf, withVoice } from '../agent/voice.ts';
import { printError } from '../io.ts';

/** A client that floods is told of once in a while, and counted. */
const AGAIN_MS = 10_000;

export class Trouble {
  readonly #env: Readonly<Record<string, string | undefined>>;
  #untold = 0;
  #last = '';
  #telling: Promise<void> | null = null;
  #due = 0;

  constructor(env: Readonly<Record<string, string | undefined>>) {
    this.#env = env;
  }

  /** @param line what it was, and where */
  hear(line: string): void {
    this.#untold++;
    this.#last = line;
    if (performance.now() >= this.#due && this.#telling === null) this.#tell();
  }

  /** Once the client is gone: what was only counted so far. Never rejects. */
  async end(): Promise<void> {
    await this.#telling;
    if (this.#untold > 0) this.#tell();
    await this.#telling;
  }

  #tell(): void {
    const more = this.#untold > 1 ? ` (and ${this.#untold - 1} more)` : '';
    const text = `${this.#last}${more}`;
    this.#untold = 0;
    this.#due = performance.now() + AGAIN_MS;
    printError(text);
    const voice = voiceOf(this.#env);
    if (voice === null) return;
    const { agent } = voice;
    this.#telling = withVoice(voice, (connection) => connection.request({ method: 'mcpTrouble', agent, text }))
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => {
        this.#telling = null;
      });
  }
}
