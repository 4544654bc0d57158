/** A whole client without daemon, run in a real PTY by open.test.ts: one pane that echoes what it is sent. */
import { writeFileSync } from 'node:fs';
import { Box, render, Text } from 'ink';
import { createElement, useEffect, useState } from 'react';
import { PANE_FLAG } from '../../core/pane-flags.ts';
import { FakeRoom } from '../paint/fake-room.testkit.ts';
import { LiveSource } from '../paint/sources.ts';
import { openTerminal } from './open.ts';

const WIDTH = 30;
const HEIGHT = 5;
const room = new FakeRoom();
const screen = room.open(1, WIDTH, HEIGHT);
const client = {
  ...room.client,
  input: (_pane: number, bytes: Uint8Array) => {
    const shown = [...bytes].map((byte) =>
      byte < 32 ? `^${String.fromCharCode(byte + 64)}` : String.fromCharCode(byte),
    );
    room.print(1, shown.join(''));
    room.endFrame();
  },
};
let say: (text: string) => void = () => {};

const terminal = openTerminal({
  client,
  stdin: process.stdin,
  stdout: process.stdout,
  env: process.env,
  mouse: true,
  exitChords: ['Ctrl+q'],
  onKey: ({ name }) => {
    say(`key ${name}`);
    if (name === 'i') {
      screen.flags |= PANE_FLAG.applicationCursor | (3 << PANE_FLAG.mouseShift) | PANE_FLAG.sgrMouse;
      screen.kittyFlags = 1;
      terminal.enterPane(1);
    }
    if (name === 'x') void leave();
    if (name === 'c') throw new Error('broken on purpose\nwith a second line');
    if (name === 'r') void Promise.reject(new Error('rejected on purpose'));
    if (name === 'e') say('break');
    if (name === 'f') flood();
    if (name === 'y') terminal.copy('copied');
  },
  onPaste: (text) => say(`paste ${text}`),
  onMouse: ({ kind, x, y }) => say(`mouse ${kind} ${x},${y}`),
  onExitPane: () => say('left the pane'),
  onFocus: (focused) => say(`focus ${focused}`),
});

async function leave(): Promise<void> {
  ink.unmount();
  await terminal.close();
  process.stdout.write('bye\n');
  process.exit(0);
}

/** Output without end; leaves word in a file of how often the loop turned. */
function flood(): void {
  let n = 0;
  setInterval(() => {
    n++;
    for (let i = 0; i < 20; i++) room.print(1, `\x1b[3${n % 8}m${'flood '.repeat(4)}${n}\r\n`);
    room.endFrame();
  }, 10);
  setInterval(() => writeFileSync(process.env['TURNS_FILE'] ?? '/dev/null', String(n)), 50);
}

function App() {
  const [text, setText] = useState('ready');
  const [, redraw] = useState(0);
  if (text === 'break') throw new Error('drawn on purpose');
  useEffect(() => {
    say = setText;
    return terminal.stage.onResize(() => redraw((n) => n + 1));
  }, []);
  useEffect(() => {
    const rect = { x: 2, y: 2, width: WIDTH, height: HEIGHT };
    const source = new LiveSource(client, 1);
    terminal.stage.setLayout({
      panes: [{ pane: 1, rect, dim: false, source }],
      covers: [],
      fields: [],
      focus: 1,
      cursor: null,
    });
  });
  return createElement(
    Box,
    { flexDirection: 'column', width: terminal.stage.cols, height: terminal.stage.rows },
    createElement(Text, null, `room ${terminal.stage.cols}x${terminal.stage.rows} 日本`),
    createElement(Text, { inverse: true }, text),
  );
}

const ink = render(createElement(App), {
  stdout: terminal.inkStdout,
  stdin: terminal.inkStdin,
  debug: true,
  interactive: true,
  patchConsole: false,
  exitOnCtrlC: false,
});
// As main.tsx does: an error of a component is an error like any other.
void ink.waitUntilExit();
