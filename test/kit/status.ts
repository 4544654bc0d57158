/** `llmctl status --json` as scripts see it: the parts that the tests read. */

export interface StatusAgent {
  readonly id: string;
  readonly name: string;
  readonly profile: string;
  readonly state: string;
  readonly since: string;
  readonly reason: string;
  readonly evidence: string;
  readonly waitingFor: string | null;
  readonly pid: number | null;
  readonly worktree: string;
  readonly branch: string;
  readonly changed: readonly string[];
  readonly claims: readonly string[];
}

export interface StatusOverlap {
  readonly id: string;
  readonly path: string;
  readonly agents: readonly [string, string];
  readonly state: string;
  readonly verdict: string;
  readonly since: string;
  readonly resolvedAt: string | null;
  readonly policy: string;
  readonly sameRegion: boolean;
  readonly round: string | null;
  readonly reason: string;
}

export interface StatusTask {
  readonly id: string;
  readonly agent: string;
  readonly state: string;
  readonly progress: number;
  readonly attempts: number;
  readonly reason: string;
  readonly forced: boolean;
  readonly commit: string | null;
  readonly todos: readonly {
    readonly id: string;
    readonly text: string;
    readonly done: boolean;
    readonly by: string | null;
  }[];
}

export interface StatusGate {
  readonly id: string;
  readonly state: string;
  readonly asked: boolean;
  readonly reason: string;
  readonly forced: boolean;
  readonly checks: readonly {
    readonly kind: string;
    readonly text: string;
    readonly state: string;
    readonly said: string;
  }[];
}

export interface Status {
  readonly session: {
    readonly id: string;
    readonly repo: string;
    readonly plan: string | null;
    readonly pid: number;
    readonly startedAt: string;
    readonly seq: number;
    readonly clients: number;
    readonly base: string;
    readonly integration: string;
  };
  readonly agents: readonly StatusAgent[];
  readonly overlaps: readonly StatusOverlap[];
  readonly locks: readonly { readonly path: string; readonly holder: string; readonly binding: boolean }[];
  readonly tasks: readonly StatusTask[];
  readonly milestones: readonly { readonly id: string; readonly state: string; readonly commit: string | null }[];
  readonly gates: readonly StatusGate[];
  readonly health: Readonly<Record<string, { readonly state: string; readonly ms: number }>>;
  readonly alerts: readonly { readonly id: string; readonly level: string; readonly text: string }[];
  readonly emergencies: readonly {
    readonly id: string;
    readonly when: string;
    readonly state: string;
    readonly agent: string | null;
    readonly steps: readonly { readonly do: string; readonly state: string; readonly said: string }[];
    readonly end: string;
  }[];
}
