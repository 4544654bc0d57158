import { Box } from 'ink';
import { useSyncExternalStore } from 'react';
import { AnsiContext, ClientContext, StageContext } from '../hooks/context.ts';
import { PaneView } from '../panes/pane-view.tsx';
import { Lines } from '../widgets/rows.tsx';
import type { RoomStore } from './room-store.ts';

/** The whole screen. All of it comes out of the store's scene; React's part is to turn what changed into rows. */
export function RoomApp({ store }: { readonly store: RoomStore }) {
  const scene = useSyncExternalStore(store.subscribe, store.shown);
  const { cols, rows } = store.size();
  return (
    <StageContext value={store.stage}>
      <AnsiContext value={store.ansi}>
        <ClientContext value={store.client}>
          <Box width={cols} height={rows} flexShrink={0} overflow="hidden">
            {scene.panes.map((pane) => (
              <PaneView key={pane.agent + pane.kind} scene={pane} source={store.sourceOf(pane)} />
            ))}
            {scene.blocks.map((block) => (
              <Lines key={block.id} rect={block.rect} lines={block.lines} />
            ))}
            {scene.popup && <Lines rect={scene.popup.rect} lines={scene.popup.lines} />}
            {scene.banner && <Lines rect={scene.banner.rect} lines={scene.banner.lines} />}
          </Box>
        </ClientContext>
      </AnsiContext>
    </StageContext>
  );
}
