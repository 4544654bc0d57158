import { Box } from 'ink';
import { useEffect, useReducer } from 'react';
import { useAnsi, useClient, useStage } from '../hooks/context.ts';
import type { PaneSource, Rect } from '../paint/api.ts';
import { inCharset } from '../theme/charset.ts';
import { Placed, Row } from '../widgets/rows.tsx';
import { type Line, toAnsi } from '../widgets/line.ts';
import { sourceLines } from './cell-text.ts';
import type { PaneScene } from './pane-scene.ts';

/** A pane: its title, what stands around the screen, and the screen itself (the stage's business, where there is one). */
export function PaneView({ scene, source }: { readonly scene: PaneScene; readonly source: PaneSource }) {
  const ansi = useAnsi();
  return (
    <>
      <Placed rect={scene.box}>
        <Row text={toAnsi(scene.title, ansi)} />
        {scene.hole.height > 0 && <Sides scene={scene} />}
        {scene.foot && <Row text={toAnsi(scene.foot, ansi)} />}
      </Placed>
      <PaneScreen rect={scene.hole} pane={scene.pane} source={source} />
    </>
  );
}

function Sides({ scene }: { readonly scene: PaneScene }) {
  const { charset } = useAnsi();
  const [char, paint] = scene.side;
  const cell = toAnsi([[inCharset(char, charset), paint]], { charset, staged: false });
  const column = Array.from({ length: scene.hole.height }, () => cell).join('\n');
  return (
    <Box height={scene.hole.height} justifyContent="space-between">
      <Row text={column} />
      {scene.kind === 'full' && <Row text={column} />}
    </Box>
  );
}

function PaneScreen({
  rect,
  pane,
  source,
}: {
  readonly rect: Rect;
  readonly pane: number;
  readonly source: PaneSource;
}) {
  const stage = useStage();
  if (stage || rect.width === 0 || rect.height === 0) return null;
  return <ScreenText rect={rect} pane={pane} source={source} />;
}

/** The pane's rows as text, drawn again whenever its screen changes. */
function ScreenText(props: { readonly rect: Rect; readonly pane: number; readonly source: PaneSource }) {
  const { rect, pane, source } = props;
  const client = useClient();
  const ansi = useAnsi();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => client?.onDamage((damage) => damage.pane === pane && redraw()), [client, pane]);
  const lines: Line[] = client ? sourceLines(source, rect, client.clusters) : [];
  return (
    <Placed rect={rect}>
      {lines.map((line, i) => (
        <Row key={i} text={toAnsi(line, { ...ansi, charset: 'unicode' })} />
      ))}
    </Placed>
  );
}
