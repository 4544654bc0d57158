import { array, assert, constantFrom, nat, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PANE_FLAG } from '../../core/pane-flags.ts';
import { FakeClock } from '../paint/clock.testkit.ts';
import type { MouseEvent } from './events.ts';
import { parseChords } from './key-names.ts';
import type { PaneTarget } from './pane-target.ts';
import type { TerminalReply } from './replies.ts';
import { Router } from './router.ts';

interface Rig {
  readonly router: Router;
  readonly clock: FakeClock;
  pane: Buffer[];
  keys: string[];
  readonly texts: string[];
  readonly pastes: string[];
  readonly mouse: MouseEvent[];
  readonly replies: TerminalReply[];
  readonly focus: boolean[];
  exits: number;
  flags: number;
  sent(): string;
}

const TARGET: PaneTarget = {
  rect: { x: 10, y: 5, width: 40, height: 10 },
  originX: 0,
  originY: 2,
  cols: 40,
  rows: 12,
  flags: 0,
};

function rigOf(chords: readonly string[] = ['Ctrl+q'], mode: 'pane' | 'control' = 'pane'): Rig {
  const clock = new FakeClock();
  const rig: Omit<Rig, 'router'> = {
    clock,
    pane: [],
    keys: [],
    texts: [],
    pastes: [],
    mouse: [],
    replies: [],
    focus: [],
    exits: 0,
    flags: PANE_FLAG.bracketedPaste,
    sent: () => Buffer.concat(rig.pane).toString('latin1'),
  };
  const router = new Router({
    clock,
    exitChords: parseChords(chords),
    toPane: (bytes) => rig.pane.push(Buffer.from(bytes)),
    target: () => ({ ...TARGET, flags: rig.flags }),
    onKey: ({ name, text }) => {
      rig.keys.push(name);
      rig.texts.push(text);
    },
    onPaste: (text) => rig.pastes.push(text),
    onMouse: (event) => rig.mouse.push(event),
    onReply: (reply) => rig.replies.push(reply),
    onFocus: (focused) => rig.focus.push(focused),
    onExitPane: () => {
      rig.exits++;
    },
  });
  if (mode === 'pane') router.enterPane();
  return Object.assign(rig, { router });
}

const raw = (text: string): Buffer => Buffer.from(text, 'latin1');

/** Every form in which a terminal may send Ctrl+q. */
const CTRL_Q = ['\x11', '\x1b[113;5u', '\x1b[27;5;113~', '\x1b[113;5:1u', '\x1b[1081::113;5u', '\x1b[113;133u'];

describe('Router in pane mode', () => {
  it('hands every byte on as it came, UTF-8 or not', () => {
    const rig = rigOf();
    const bytes = Buffer.concat([
      raw('a\x1b[A\x1bOB'),
      Buffer.of(0xff, 0xfe, 0x80, 0),
      raw('\x1b[97;5u\x1b[1;2P\x7f\x03\x02'),
    ]);
    rig.router.feed(bytes);
    expect(Buffer.concat(rig.pane)).toEqual(bytes);
  });

  it('passes a plain chunk without copying it', () => {
    const rig = rigOf();
    const chunk = raw('hello');
    let same = false;
    const router = new Router({
      clock: rig.clock,
      exitChords: parseChords(['Ctrl+q']),
      toPane: (bytes) => {
        same = bytes === chunk;
      },
      target: () => null,
      onKey: () => {},
      onPaste: () => {},
      onMouse: () => {},
      onReply: () => {},
      onFocus: () => {},
      onExitPane: () => {},
    });
    router.enterPane();
    router.feed(chunk);
    expect(same).toBe(true);
  });

  it('passes the Esc key at once', () => {
    const rig = rigOf();
    rig.router.feed(raw('\x1b'));
    expect(rig.sent()).toBe('\x1b');
  });

  it('leaves on the exit chord in every form, cut anywhere, and keeps the rest for control mode', () => {
    for (const chord of CTRL_Q) {
      for (let cut = 0; cut <= chord.length; cut++) {
        const rig = rigOf();
        rig.router.feed(raw(`ab${chord.slice(0, cut)}`));
        rig.router.feed(raw(`${chord.slice(cut)}p`));
        expect([rig.exits, rig.keys], `${JSON.stringify(chord)} cut at ${cut}`).toEqual([1, ['p']]);
        expect(rig.sent().replace('\x1b', '')).toBe('ab');
      }
    }
  });

  it('swallows the release of the chord', () => {
    const rig = rigOf();
    rig.router.feed(raw('\x1b[113;5:3u'));
    expect([rig.exits, rig.sent()]).toEqual([0, '']);
  });

  it('knows chords with Alt, function keys and Ctrl with punctuation', () => {
    const forms: readonly (readonly [string, readonly string[]])[] = [
      ['Ctrl+]', ['\x1d', '\x1b[93;5u', '\x1b[27;5;93~']],
      ['Alt+x', ['\x1bx', '\x1b[120;3u']],
      ['F12', ['\x1b[24~']],
      ['F1', ['\x1bOP', '\x1b[P', '\x1b[11~', '\x1b[[A']],
      ['Ctrl+Space', ['\x00', '\x1b[32;5u']],
      ['Ctrl+Alt+q', ['\x1b\x11', '\x1b[113;7u']],
    ];
    for (const [chord, sequences] of forms) {
      for (const sequence of sequences) {
        const rig = rigOf(['Ctrl+\\', chord]);
        rig.router.feed(raw(sequence));
        expect([rig.exits, rig.sent()], `${chord} as ${JSON.stringify(sequence)}`).toEqual([1, '']);
      }
    }
  });

  it('takes nothing inside a paste for a chord, a report or an answer, however it is cut', () => {
    const paste = '\x1b[200~x\x11\x1b[113;5u\x1b[<0;1;1M\x1b[0n\x1b[20\x1b\x1b[201~';
    for (let cut = 1; cut < paste.length; cut++) {
      const rig = rigOf();
      rig.router.feed(raw(paste.slice(0, cut)));
      rig.router.feed(raw(paste.slice(cut)));
      expect([rig.sent(), rig.exits, rig.mouse.length, rig.replies.length]).toEqual([paste, 0, 0, 0]);
      rig.router.feed(raw('\x11'));
      expect(rig.exits).toBe(1);
    }
  });

  it('takes the markers off for programs that know nothing of pastes', () => {
    const rig = rigOf();
    rig.flags = 0;
    rig.router.feed(raw('\x1b[200~a\x11b\x1b[201~'));
    expect([rig.sent(), rig.exits]).toEqual(['a\x11b', 0]);
  });

  it('lets one out of a paste whose end never came', () => {
    const rig = rigOf();
    rig.router.feed(raw('\x1b[200~abc'));
    rig.clock.advance(3000);
    rig.router.feed(raw('\x11'));
    expect(rig.exits).toBe(1);
  });

  it('swallows answers to our questions, whole or cut', () => {
    const answers = '\x1b[0n\x1b[?62;4c\x1b[?2026;2$y\x1b[?1u\x1b[2;5R\x1b]11;rgb:0/0/0\x1b\\\x1bP>|xterm(390)\x1b\\';
    for (let cut = 1; cut < answers.length; cut++) {
      const rig = rigOf();
      rig.router.feed(raw(`q${answers.slice(0, cut)}`));
      rig.router.feed(raw(`${answers.slice(cut)}r`));
      expect(rig.sent().replace('\x1b', ''), `cut at ${cut}`).toBe('qr');
      expect(rig.replies.map(({ kind }) => kind)).toEqual([
        'ready',
        'attributes',
        'mode',
        'kitty',
        'cursor',
        'other',
        'other',
      ]);
    }
  });

  it('hands a cut sequence on after a moment when nothing completes it', () => {
    const rig = rigOf();
    rig.router.feed(raw('\x1b[1'));
    expect(rig.sent()).toBe('');
    rig.clock.advance(25);
    expect(rig.sent()).toBe('\x1b[1');
  });

  it('gives the mouse to a program that wants it, in its cells and its encoding', () => {
    const rig = rigOf();
    rig.flags = (2 << PANE_FLAG.mouseShift) | PANE_FLAG.sgrMouse;
    rig.router.feed(raw('\x1b[<0;11;6M\x1b[<32;70;30M\x1b[<0;70;30m'));
    expect(rig.sent()).toBe('\x1b[<0;1;3M\x1b[<32;40;12M\x1b[<0;40;12m');
    expect(rig.mouse).toEqual([]);
    rig.pane = [];
    rig.flags = 1 << PANE_FLAG.mouseShift;
    rig.router.feed(raw('\x1b[<0;12;6M\x1b[<0;12;6m\x1b[<32;13;6M'));
    expect(rig.sent()).toBe('\x1b[M \x22\x23\x1b[M#\x22\x23');
    expect(rig.mouse.map(({ kind }) => kind)).toEqual(['drag']);
  });

  it('keeps the mouse outside the pane, and where the program has no use for it', () => {
    const rig = rigOf();
    rig.router.feed(raw('\x1b[<0;15;8M\x1b[M !!\x1b[<64;15;8M'));
    expect(rig.mouse.map(({ kind, x, y }) => [kind, x, y])).toEqual([
      ['press', 14, 7],
      ['press', 0, 0],
      ['wheel-up', 14, 7],
    ]);
    expect(rig.sent()).toBe('');
  });

  it('turns the wheel into arrows on an alternate screen', () => {
    const rig = rigOf();
    rig.flags = PANE_FLAG.alternateScreen | PANE_FLAG.applicationCursor;
    rig.router.feed(raw('\x1b[<65;15;8M'));
    expect(rig.sent()).toBe('\x1bOB\x1bOB\x1bOB');
  });

  it('reports focus to programs that asked: the window’s, and the pane’s own', () => {
    const rig = rigOf();
    rig.router.feed(raw('\x1b[O'));
    expect([rig.sent(), rig.focus]).toEqual(['', [false]]);
    rig.flags = PANE_FLAG.focusEvents;
    rig.router.feed(raw('\x1b[I'));
    rig.router.leavePane();
    rig.router.enterPane();
    expect(rig.sent()).toBe('\x1b[I\x1b[O\x1b[I');
  });

  it('loses and invents nothing, however the bytes are cut', () => {
    const piece = constantFrom(
      'a',
      'é',
      '\x1b[A',
      '\x1bOP',
      '\x1b[97;5u',
      '\x1bx',
      '\x1b[200~p\x11\x1b[201~',
      '\xff',
      '\x00',
      '\r',
    );
    assert(
      property(array(piece, { maxLength: 20 }), array(nat(60), { maxLength: 6 }), (pieces, cuts) => {
        const rig = rigOf();
        const bytes = raw(pieces.join(''));
        const at = [...new Set([0, ...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length])].sort(
          (a, b) => a - b,
        );
        for (let i = 1; i < at.length; i++) rig.router.feed(bytes.subarray(at[i - 1], at[i]));
        rig.clock.advance(100);
        expect(rig.sent()).toBe(bytes.toString('latin1'));
      }),
      { numRuns: 500 },
    );
  });
});

describe('Router in control mode', () => {
  it('names keys of every encoding', () => {
    const rig = rigOf(undefined, 'control');
    const input =
      'aA? \r\t\x1b[Z\x7f\x11\x1b[A\x1bOA\x1b[1;5D\x1b[5~\x1b[6~\x1b[H\x1b[3~\x1bOP\x1b[15~\x1b[24;2~\x1bx\x1b[[B' +
      '\x1b[113;5u\x1b[27u\x1b[97;6u\x1b[57414u\x1b[57400u\x1b[13;2u\x1b[97;5:3u\x1b[57441;2u\x1b[27;6;112~';
    rig.router.feed(raw(input));
    expect(rig.keys.join(' ')).toBe(
      'a A ? Space Enter Tab Shift+Tab Backspace Ctrl+q Up Up Ctrl+Left PgUp PgDn Home Delete F1 F5 Shift+F12 Alt+x F2 ' +
        'Ctrl+q Esc Ctrl+Shift+a Enter 1 Shift+Enter Ctrl+Shift+p',
    );
  });

  it('joins characters and clusters that were cut', () => {
    const rig = rigOf(undefined, 'control');
    const bytes = Buffer.from('é日👨‍👩‍👧x', 'utf8');
    rig.router.feed(bytes.subarray(0, 1));
    rig.router.feed(bytes.subarray(1));
    expect(rig.texts).toEqual(['é', '日', '👨‍👩‍👧', 'x']);
  });

  it('waits a moment for what follows ESC', () => {
    const rig = rigOf(undefined, 'control');
    rig.router.feed(raw('\x1b'));
    expect(rig.keys).toEqual([]);
    rig.clock.advance(20);
    expect(rig.keys).toEqual(['Esc']);
    rig.router.feed(raw('\x1b'));
    rig.clock.advance(5);
    rig.router.feed(raw('[B'));
    rig.clock.advance(50);
    expect(rig.keys).toEqual(['Esc', 'Down']);
  });

  it('gives a paste as one text', () => {
    const rig = rigOf(undefined, 'control');
    const bytes = Buffer.from('\x1b[200~zwei\r\nZeilen é\x1b[201~q', 'utf8');
    for (const byte of bytes) rig.router.feed(Buffer.of(byte));
    expect([rig.pastes, rig.keys]).toEqual([['zwei\nZeilen é'], ['q']]);
  });

  it('tells double clicks', () => {
    const rig = rigOf(undefined, 'control');
    const click = '\x1b[<0;3;4M\x1b[<0;3;4m';
    rig.router.feed(raw(click + click + click));
    rig.clock.advance(1000);
    rig.router.feed(raw(click));
    expect(rig.mouse.filter(({ kind }) => kind !== 'release').map(({ kind }) => kind)).toEqual([
      'press',
      'double',
      'press',
      'press',
    ]);
  });
});

describe('parseChords', () => {
  it('says what is wrong with a chord', () => {
    expect(() => parseChords(['Ctrl+b'])).toThrow(/tmux/);
    expect(() => parseChords(['q'])).toThrow(/typing/);
    expect(() => parseChords(['Ctrl+Foo'])).toThrow(/not a key/);
    expect(() => parseChords(['Ctrl+i'])).toThrow(/Tab/);
    expect(() => parseChords([])).toThrow(/at least one/);
    expect([...parseChords(['C-q', 'ctrl+]', 'f12', 'Alt+Enter'])]).toEqual(['Ctrl+q', 'Ctrl+]', 'F12', 'Alt+Enter']);
  });
});
