/** The worker thread that touches process trees; answers each request of tree-control.ts with its id. */
import { parentPort } from 'node:worker_threads';
import type { ProcessKey, TreeSpec } from './members.ts';
import { guardTrees, pauseTree, resumeTree, stopTree } from './tree.ts';
import type { Guarded } from './tree.ts';

export type TreeRequest =
  | {
      readonly op: 'pause';
      readonly spec: TreeSpec;
      readonly record: readonly ProcessKey[];
      readonly timeoutMs: number;
    }
  | { readonly op: 'guard'; readonly guarded: readonly Guarded[] }
  | { readonly op: 'resume'; readonly record: readonly ProcessKey[] }
  | { readonly op: 'stop'; readonly spec: TreeSpec; readonly record: readonly ProcessKey[]; readonly graceMs: number };

export interface TreeAnswer {
  readonly ok: boolean;
  /** Processes still stopped by us afterwards. */
  readonly record: readonly ProcessKey[];
  /** Of a guard: one for each that was asked for. */
  readonly records?: readonly (readonly ProcessKey[])[];
  readonly processes: number;
  readonly reason: string;
}

async function answer(request: TreeRequest): Promise<TreeAnswer> {
  switch (request.op) {
    case 'pause': {
      const result = await pauseTree(request.spec, request.record, request.timeoutMs);
      return { ...result, processes: result.record.length };
    }
    case 'guard': {
      const records = guardTrees(request.guarded);
      return { ok: true, record: [], records, processes: 0, reason: '' };
    }
    case 'resume':
      return { ok: true, record: [], processes: resumeTree(request.record), reason: '' };
    case 'stop':
      return { ...(await stopTree(request.spec, request.record, request.graceMs)), record: [] };
  }
}

parentPort?.on('message', ({ id, request }: { readonly id: number; readonly request: TreeRequest }) => {
  answer(request).then(
    (result) => parentPort?.postMessage({ id, result }),
    (error: unknown) => {
      const result: TreeAnswer = { ok: false, record: [], processes: 0, reason: String(error) };
      parentPort?.postMessage({ id, result });
    },
  );
});
