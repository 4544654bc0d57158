/** A room with real CLIs in its panes, and the stand-in that answers them. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { startModel, type Model } from '../kit/model/server.ts';
import type { Scripts } from '../kit/model/script.ts';
import { Room, type AgentOptions } from '../kit/room.ts';
import { setUpHome } from './homes.ts';
import { programOf } from './install.ts';
import { PINNED, type PinnedCli } from './versions.ts';

export interface Rig {
  readonly room: Room;
  readonly model: Model;
}

export interface RigOptions {
  readonly scripts: Scripts;
  readonly agents: Readonly<Record<string, AgentOptions>>;
  readonly plan?: Readonly<Record<string, unknown>>;
  readonly files?: Readonly<Record<string, string>>;
}

/** False where the CLI could not be installed: its tests are skipped by name. */
export function isThere(id: PinnedCli['id']): boolean {
  return programOf(PINNED.find((cli) => cli.id === id)!) !== null;
}

export async function startRig({ scripts, agents, plan, files }: RigOptions): Promise<Rig> {
  mustBeAlone();
  const model = await startModel(scripts);
  onTestFinished(() => model.close());
  const bins = PINNED.flatMap((cli) => programOf(cli) ?? []).map((program) => dirname(program));
  const room = new Room({
    agents,
    plan,
    files: { 'package.json': '{"name":"demo","type":"module"}\n', ...files },
    up: false,
  });
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') {
      const asked = model.asked.slice(-6).map(({ api, script, turn, tools, results }) => {
        const own = tools.filter((name) => name.includes('llmctl')).length;
        return `${api} ${script} ${turn}, ${own} tools of llmctl, last result: ${results.at(-1)?.slice(0, 200) ?? ''}`;
      });
      console.error(await report(room, Object.keys(agents)), asked);
    }
    await room.close();
  });
  const folders = [room.repo, ...Object.keys(agents).map((id) => join(room.repo, '.llmctl/worktrees', id))];
  const path = { PATH: [...bins, room.place.env.PATH].join(':') };
  room.env = { ...room.env, ...setUpHome(room.place, model.url, folders), ...path };
  return { room, model };
}

async function report(room: Room, agents: readonly string[]): Promise<string> {
  const screens = agents.map((id) =>
    room
      .output(id, '--screen')
      .then((lines) => [`--- ${id}`, ...lines])
      .catch(String),
  );
  return [...(await Promise.all(screens)).flat(), await room.report()].join('\n');
}

/** @throws Error outside of a namespace that has a loopback only: a CLI there could reach its provider */
function mustBeAlone(): void {
  const devices = readFileSync('/proc/net/dev', 'utf8').match(/^\s*([^\s:|]+):/gm) ?? [];
  const others = devices.map((name) => name.trim()).filter((name) => name !== 'lo:');
  if (others.length > 0)
    throw new Error(`this machine's network is in reach (${others.join(' ')}): npm run test:agents`);
}
