import { createContext, use } from 'react';
import type { RoomClient } from '../../client/api.ts';
import type { Stage } from '../paint/api.ts';
import type { AnsiOptions } from '../widgets/line.ts';

/** The painter of panes and live fields; null where the screens draw all of it as text (component tests). */
export const StageContext = createContext<Stage | null>(null);

export function useStage(): Stage | null {
  return use(StageContext);
}

/** How lines become text. */
export const AnsiContext = createContext<AnsiOptions>({ charset: 'unicode', staged: false });

export function useAnsi(): AnsiOptions {
  return use(AnsiContext);
}

/** The session's panes, for drawing their cells as text. */
export const ClientContext = createContext<RoomClient | null>(null);

export function useClient(): RoomClient | null {
  return use(ClientContext);
}
