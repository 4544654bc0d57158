import { AGENT_BINDINGS } from './agent-bindings.ts';
import type { Binding } from './binding.ts';
import { GIT_BINDINGS } from './git-bindings.ts';
import { JOURNAL_BINDINGS } from './journal-bindings.ts';
import { LIST_BINDINGS } from './list-bindings.ts';
import { MERGE_BINDINGS } from './merge-bindings.ts';
import { PERMISSION_BINDINGS } from './permission-bindings.ts';
import { PLAN_BINDINGS } from './plan-bindings.ts';
import { SCROLL_BINDINGS, SELECT_BINDINGS } from './scroll-bindings.ts';
import { WATCH_BINDINGS } from './watch-bindings.ts';
import { PAGE_BINDINGS, VIEW_BINDINGS } from './view-bindings.ts';

/** Every key of the control room: footer, help, palette, README and the config's `keys` all come out of this table. */
export const BINDINGS: readonly Binding[] = [
  ...AGENT_BINDINGS,
  ...PERMISSION_BINDINGS,
  ...VIEW_BINDINGS,
  ...PAGE_BINDINGS,
  ...SCROLL_BINDINGS,
  ...SELECT_BINDINGS,
  ...MERGE_BINDINGS,
  ...GIT_BINDINGS,
  ...PLAN_BINDINGS,
  ...WATCH_BINDINGS,
  ...JOURNAL_BINDINGS,
  ...LIST_BINDINGS,
];
