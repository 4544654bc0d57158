import { AGENT_STATES } from '../../core/model/agent.ts';

/** What the screens ask a theme for. Components name these, never a colour. */
export const TOKENS = [
  'text',
  'strong',
  'muted',
  'faint',
  'accent',
  'border',
  'borderFocus',
  'borderPane',
  'borderPaused',
  'popupBorder',
  'popupTitle',
  'sectionTitle',
  'ok',
  'warn',
  'error',
  'info',
  'key',
  'progress',
  'selection',
  'match',
  'matchCurrent',
  'cursorLine',
  'input',
  'statusBar',
  'statusControl',
  'statusPane',
  'statusScroll',
  'banner',
  ...AGENT_STATES.map((state) => `state.${state}` as const),
] as const;

export type Token = (typeof TOKENS)[number];
