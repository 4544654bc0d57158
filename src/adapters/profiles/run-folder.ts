/** The folder of one agent's run: what its CLI is given, the person's own settings untouched. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

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
