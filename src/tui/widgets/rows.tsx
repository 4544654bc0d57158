import { Box, Text } from 'ink';
import { memo } from 'react';
import { useAnsi } from '../hooks/context.ts';
import type { Rect } from '../paint/api.ts';
import { type Line, toAnsi } from './line.ts';

/** One row of text with its colours in it. Ink lays out one node a row: one a coloured run costs many times as much. */
export const Row = memo(function Row({ text }: { readonly text: string }) {
  return <Text wrap="truncate">{text}</Text>;
});

/** Lines at a place of the screen. */
export function Lines({ rect, lines }: { readonly rect: Rect; readonly lines: readonly Line[] }) {
  const ansi = useAnsi();
  return (
    <Placed rect={rect}>
      {lines.map((line, i) => (
        <Row key={i} text={toAnsi(line, ansi)} />
      ))}
    </Placed>
  );
}

/** A box of an exact size at an exact place. */
export function Placed({ rect, children }: { readonly rect: Rect; readonly children: React.ReactNode }) {
  return (
    <Box
      position="absolute"
      left={rect.x}
      top={rect.y}
      width={rect.width}
      height={rect.height}
      flexDirection="column"
      overflow="hidden"
    >
      {children}
    </Box>
  );
}
