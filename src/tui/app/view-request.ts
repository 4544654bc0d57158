import type { PaneView } from '../../client/api.ts';
import type { Scene } from './scene.ts';

/**
 * What the daemon is told of this screen. A folded pane is shown without a size of its own (0×0): its agent keeps the size
 * that it has, instead of being squeezed into two lines. `page`: the pane that an open page quotes, wherever it is shown.
 */
export function viewOf(
  scene: Scene,
  focus: number | null,
  page: number | null,
): { readonly panes: readonly PaneView[]; readonly focus: number | null } {
  const panes = scene.panes.map(({ pane, kind, hole }) =>
    kind === 'full' ? { pane, cols: hole.width, rows: hole.height } : { pane, cols: 0, rows: 0 },
  );
  const quoted = page === null || panes.some(({ pane }) => pane === page) ? [] : [{ pane: page, cols: 0, rows: 0 }];
  return { panes: [...panes, ...quoted], focus };
}
