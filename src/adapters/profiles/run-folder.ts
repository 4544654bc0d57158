/** The folder of one agent's run: what its CLI is given, the person's own settings untouched. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { MESSAGES } from '../../core/profile/aside.ts';

/** Only the person may read it: settings may hold secrets. */
export function runFolder(stateDir: string, agent: string): string {
  return join(stateDir, 'agents', agent);
}

/** Anew, so that nothing of an earlier run is left. @throws Error of node:fs */
export function writeRunFiles(folder: string, files: Readonly<Record<string, string>>): void {
  rmSync(folder, { recursive: true, force: true });
  if (Object.keys(files).length === 0) return;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
}

/** Names of the messages that a run may have beside its input box. */
export const MESSAGE_NAMES: readonly string[] = Array.from({ length: MESSAGES }, (_, at) => String(at + 1));

/** Keeps a message for `llmctl mcp --messages`, in the place of the oldest. @returns its name. @throws Error of node:fs */
export async function keepMessage(folder: string, text: string): Promise<string> {
  await mkdir(join(folder, 'messages'), { recursive: true, mode: 0o700 });
  const ages = await Promise.all(
    MESSAGE_NAMES.map(async (name) => {
      const found = await stat(messageFile(folder, name)).catch(() => null);
      return { name, at: found?.mtimeMs ?? 0 };
    }),
  );
  const { name } = ages.reduce((oldest, one) => (one.at < oldest.at ? one : oldest));
  await writeFile(messageFile(folder, name), text, { mode: 0o600 });
  return name;
}

/** @returns null where no such message was kept */
export async function keptMessage(folder: string, name: string): Promise<string | null> {
  if (!MESSAGE_NAMES.includes(name)) return null;
  return readFile(messageFile(folder, name), 'utf8').catch(() => null);
}

function messageFile(folder: string, name: string): string {
  return join(folder, 'messages', name);
}

/** A port of loopback that nobody has just now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
