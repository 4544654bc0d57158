import { render } from 'ink-testing-library';
import { readFileSync } from 'node:fs';
import { Controller, type ExitReason } from '../app/controller.ts';
import { RoomApp } from '../app/room-app.tsx';
import type { OutsideFiles } from '../app/outside-files.ts';
import type { ProfileChoice } from '../app/room.ts';
import { RoomStore } from '../app/room-store.ts';
import { BINDINGS } from '../keys/bindings.ts';
import { loadTheme } from '../theme/load.ts';
import type { Charset } from '../theme/charset.ts';
import { FAKE_NOW, type FakeRoom } from './fake-room.ts';

export interface ShowOptions {
  readonly cols?: number;
  readonly rows?: number;
  readonly theme?: string;
  readonly noColor?: boolean;
  readonly charset?: Charset;
  readonly profiles?: readonly ProfileChoice[];
  readonly files?: OutsideFiles;
  readonly gh?: boolean;
}

/** The whole screen over a fake session, as ink-testing-library draws it: panes as text, keys by their names. */
export function show(client: FakeRoom, options: ShowOptions = {}) {
  const { cols = 120, rows = 40, theme = 'dark', noColor = false, charset = 'unicode' } = options;
  const json = readFileSync(new URL(`../../../themes/${theme}.json`, import.meta.url), 'utf8');
  const store = new RoomStore({
    client,
    stage: null,
    cols,
    rows,
    theme: loadTheme(theme, json, { noColor }),
    charset,
    table: BINDINGS,
    profiles: options.profiles ?? [],
    tools: { editor: options.files !== undefined, gh: options.gh ?? false },
    now: () => FAKE_NOW,
  });
  const copied: string[] = [];
  const entered: number[] = [];
  const left: ExitReason[] = [];
  const terminal = {
    enterPane: (pane: number) => void entered.push(pane),
    leavePane: () => {},
    copy: (text: string) => copied.push(text) > 0,
    redraw: () => {},
  };
  const controller = new Controller(store, terminal, (reason) => void left.push(reason), options.files);
  const app = render(<RoomApp store={store} />);
  /** React draws in a microtask of its own: asking for the frame makes it draw now. */
  const raw = () => {
    app.rerender(<RoomApp store={store} />);
    return app.lastFrame() ?? '';
  };
  /** What is on screen, without colours, one string a row. */
  const screen = () =>
    raw()
      .replaceAll(/\u001b\[[\d;]*m/g, '')
      .split('\n')
      .map((row) => row.trimEnd());
  return {
    store,
    controller,
    copied,
    entered,
    left,
    raw,
    screen,
    text: () => screen().join('\n'),
    ui: () => store.room().ui,
    /** Presses keys by their names; a single character is typed, too. */
    press(...names: readonly string[]) {
      for (const name of names) controller.key({ name, text: name.length === 1 ? name : name === 'Space' ? ' ' : '' });
    },
    type(text: string) {
      for (const char of text) controller.key({ name: char === ' ' ? 'Space' : char, text: char });
    },
    close() {
      store.close();
      app.unmount();
    },
  };
}
