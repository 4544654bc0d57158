import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PANE_FLAG } from '../../core/pane-flags.ts';
import { collapseResets } from './clamps.ts';
import { XtermEmulator } from './emulator.ts';
import { paneText } from './text.ts';
import { bytesOf, emulatorRows, noise, piece } from './streams.testkit.ts';

function after(text: string, cols = 80, rows = 24): XtermEmulator {
  const emulator = new XtermEmulator(cols, rows);
  emulator.parse(bytesOf(text));
  return emulator;
}

function textOf(emulator: XtermEmulator): readonly string[] {
  return paneText(emulator, { lines: null, screen: false, ansi: false }).lines;
}

/** Milliseconds of this thread's own work: the machine may be busy with other things. */
function worked(since: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system - since.user - since.system) / 1000;
}

/** Parses as a worker does, in slices, and tells how much work the costliest was. */
function slowestSlice(bytes: Buffer, size: number, emulator = new XtermEmulator(200, 60)): number {
  let slowest = 0;
  for (let at = 0; at < bytes.length; at += size) {
    const before = process.threadCpuUsage();
    emulator.parse(bytes.subarray(at, at + size));
    slowest = Math.max(slowest, worked(before));
  }
  return slowest;
}

describe('bytes cut anywhere', () => {
  it('give the same screen as in one piece', () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (pieces, cuts) => {
          const bytes = bytesOf(pieces.join(''));
          const whole = new XtermEmulator(30, 8);
          whole.parse(bytes);
          const cut = new XtermEmulator(30, 8);
          for (let at = 0, n = 0; at < bytes.length; n++) {
            const size = cuts[n % cuts.length]!;
            cut.parse(bytes.subarray(at, at + size));
            at += size;
          }
          expect(emulatorRows(cut)).toEqual(emulatorRows(whole));
          expect(cut.state()).toEqual(whole.state());
        },
      ),
      { numRuns: 200 },
    );
  });

  it('lose no character behind a byte of 0x80, as xterm alone would', () => {
    const emulator = new XtermEmulator(20, 1);
    for (const byte of bytesOf('a…b—c、d🚀')) emulator.parse(Uint8Array.of(byte));
    expect(textOf(emulator)).toEqual(['a…b—c、d🚀']);
  });
});

describe('hostile output', () => {
  it.each('STLMIZb@PXABCDEFGHJKdg`ae'.split(''))('CSI 2147483647 %s is bounded work', (final) => {
    const emulator = after(`${'x'.repeat(500)}\x1b[10;10H`, 200, 60);
    const before = process.threadCpuUsage();
    emulator.parse(bytesOf(`y\x1b[2147483647${final}`));
    expect(worked(before)).toBeLessThan(200);
  });

  it.each([' @', ' A', "'}", "'~"])('CSI 2147483647%s is bounded work', (final) => {
    const before = process.threadCpuUsage();
    after(`y\x1b[2147483647${final}`, 200, 60);
    expect(worked(before)).toBeLessThan(200);
  });

  it.each([
    ['ESC c', '\x1bc', 4096],
    ['ESC c x', '\x1bcx', 512],
    ['CSI 2 J', '\x1b[2J', 4096],
    ['DECALN', '\x1b#8', 512],
    ['alternate screens', '\x1b[?1049h\x1b[?1049l', 1024],
    ['repeats', 'x\x1b[99999b', 4096],
    ['scrolls', '\x1b[99999S', 1024],
    ['insertions of columns', "\x1b[9'}", 512],
    ['tab stops', '\x1bH\t', 4096],
    ['one OSC without an end', '\x1b]0;', 4096],
    ['links', '\x1b]8;;https://example.org/\x1b\\x', 4096],
  ])('16 KB of %s never hold the worker for long', (_name, sequence, slice) => {
    const bytes = bytesOf(sequence.repeat(Math.ceil(16_384 / sequence.length)));
    expect(slowestSlice(bytes, slice)).toBeLessThan(300);
  });

  it('a mountain of marks on one cell stays small', () => {
    const emulator = after(`e${'\u0301'.repeat(500_000)}`);
    expect(emulator.row(0)._combined[0]!.length).toBeLessThan(100);
  });

  it('huge OSC and DCS are dropped, what follows is shown', () => {
    for (const open of ['\x1b]0;', '\x1b]7501;', '\x1b]9999;', '\x1bP+q', '\x1bP$q', '\x1bPq', '\x1b_G', '\x1b^']) {
      const emulator = new XtermEmulator(80, 24);
      slowestSlice(bytesOf(`${open}${'a'.repeat(2_000_000)}\x1b\\after`), 4096, emulator);
      expect(textOf(emulator)).toEqual(['after']);
      expect(emulator.signals.empty).toBe(true);
    }
  });

  it('nothing throws, whatever comes', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(noise, piece.map(bytesOf)), { maxLength: 30 }), (all) => {
        const emulator = new XtermEmulator(20, 5);
        for (const bytes of all) emulator.parse(bytes);
        emulator.resize(1, 1);
        emulator.resize(300, 80);
        expect(emulatorRows(emulator)).toHaveLength(80);
      }),
      { numRuns: 200 },
    );
  });

  it('survives the erase in the last cell that xterm stumbles over', () => {
    const emulator = after('\x1b[24;80Hx\x1b[1Jy');
    expect(() => emulator.parse(bytesOf('z'))).not.toThrow();
  });

  it('collapses resets that follow each other and no others', () => {
    expect(Buffer.from(collapseResets(bytesOf('a\x1bc\x1bc\x1bcb\x1bcc\x1bc\x1bc'))).toString()).toBe(
      'a\x1bcb\x1bcc\x1bc',
    );
    const plain = bytesOf('no resets \x1bc but one');
    expect(collapseResets(plain)).toBe(plain);
  });

  it('1,000 resizes down to 1×1 and back leave a sound screen', () => {
    const emulator = after('some text that wraps when it gets narrow\r\n漢字');
    for (let n = 0; n < 1000; n++) {
      emulator.resize((n * 37) % 120, (n * 17) % 40);
      emulator.parse(bytesOf(`${n}`));
    }
    emulator.resize(1, 1);
    expect([emulator.cols, emulator.rows]).toEqual([1, 1]);
    expect(emulatorRows(emulator)).toHaveLength(1);
    emulator.resize(0, -5);
    expect([emulator.cols, emulator.rows]).toEqual([1, 1]);
    emulator.resize(100_000, 100_000);
    expect([emulator.cols, emulator.rows]).toEqual([1000, 1000]);
  });
});

describe('modes', () => {
  const MODES: readonly (readonly [string, string, number])[] = [
    ['\x1b[?1h', '\x1b[?1l', PANE_FLAG.applicationCursor],
    ['\x1b=', '\x1b>', PANE_FLAG.applicationKeypad],
    ['\x1b[?2004h', '\x1b[?2004l', PANE_FLAG.bracketedPaste],
    ['\x1b[?1004h', '\x1b[?1004l', PANE_FLAG.focusEvents],
    ['\x1b[?1000h', '\x1b[?1000l', 1 << PANE_FLAG.mouseShift],
    ['\x1b[?1002h', '\x1b[?1002l', 2 << PANE_FLAG.mouseShift],
    ['\x1b[?1003h', '\x1b[?1003l', 3 << PANE_FLAG.mouseShift],
    ['\x1b[?1006h', '\x1b[?1006l', PANE_FLAG.sgrMouse],
    ['\x1b[?1049h', '\x1b[?1049l', PANE_FLAG.alternateScreen],
    ['\x1b[?12h', '\x1b[?12l', PANE_FLAG.cursorBlink],
    ['\x1b[?25h', '\x1b[?25l', PANE_FLAG.cursorVisible],
  ];

  it.each(MODES)('%j and %j', (on, off, flag) => {
    const emulator = new XtermEmulator(80, 24);
    const rest = emulator.state().flags & ~flag;
    emulator.parse(bytesOf(on));
    expect(emulator.state().flags).toBe(rest | flag);
    emulator.parse(bytesOf(off));
    expect(emulator.state().flags).toBe(rest);
    emulator.parse(bytesOf(`${on}\x1b[?25l\x1b[?20h\x1bc`));
    expect(emulator.state().flags).toBe(PANE_FLAG.cursorVisible);
  });

  it.each([0, 1, 2, 3, 4, 5, 6])('DECSCUSR %i', (style) => {
    const { cursorStyle, flags } = after(`\x1b[${style} q`).state();
    expect(cursorStyle).toBe(style);
    expect((flags & PANE_FLAG.cursorBlink) !== 0).toBe(style % 2 === 1);
  });

  it('kitty keyboard flags: push, set, pop, one stack for each screen, query', () => {
    const emulator = new XtermEmulator(80, 24);
    const flags = (text: string): number => {
      emulator.parse(bytesOf(text));
      return emulator.state().kittyFlags;
    };
    expect(flags('\x1b[>5u')).toBe(5);
    expect(flags('\x1b[>7u')).toBe(7);
    expect(flags('\x1b[=8;2u')).toBe(15);
    expect(flags('\x1b[=1;3u')).toBe(14);
    expect(flags('\x1b[=2u')).toBe(2);
    expect(flags('\x1b[?1049h')).toBe(0);
    expect(flags('\x1b[>1u')).toBe(1);
    expect(flags('\x1b[?1049l')).toBe(2);
    expect(flags('\x1b[<u')).toBe(5);
    expect(flags('\x1b[<9u')).toBe(0);
    expect(flags('\x1b[>99999u')).toBe(99_999 & 31);
    emulator.parse(bytesOf('\x1b[?u'));
    expect(emulator.takeReplies()).toBe(`\x1b[?${99_999 & 31}u`);
    emulator.parse(bytesOf('\x1b[>1u'.repeat(10_000)));
    expect(flags('\x1b[<9999u')).toBe(0);
  });

  it('mode 2026 is seen while it is on', () => {
    const emulator = after('\x1b[?2026h');
    expect(emulator.synchronized).toBe(true);
    emulator.parse(bytesOf('\x1b[?2026l'));
    expect(emulator.synchronized).toBe(false);
  });

  it('does not offer mouse reports in pixels', () => {
    const emulator = after('\x1b[?1003;1006h\x1b[?1016h\x1b[?1016$p');
    expect(emulator.takeReplies()).toBe('\x1b[?1016;4$y');
    expect(emulator.state().flags & PANE_FLAG.sgrMouse).not.toBe(0);
  });
});

describe('answers', () => {
  it.each([
    ['DA1', '\x1b[c', '\x1b[?1;2c'],
    ['DA2', '\x1b[>c', '\x1b[>0;276;0c'],
    ['DSR 5', '\x1b[5n', '\x1b[0n'],
    ['DSR 6', '\x1b[3;4H\x1b[6n', '\x1b[3;4R'],
    ['XTVERSION', '\x1b[>0q', '\x1bP>|llmctl\x1b\\'],
    ['OSC 10', '\x1b]10;?\x07', '\x1b]10;rgb:d0d0/d0d0/d0d0\x1b\\'],
    ['OSC 10 and 11', '\x1b]10;?;?\x07', '\x1b]10;rgb:d0d0/d0d0/d0d0\x1b\\\x1b]11;rgb:1010/1010/1010\x1b\\'],
    ['DECRQM 2026', '\x1b[?2026h\x1b[?2026$p', '\x1b[?2026;1$y'],
    ['DECRQM unknown', '\x1b[?4711$p', '\x1b[?4711;0$y'],
    ['DECRQSS', '\x1bP$qr\x1b\\', '\x1bP1$r1;24r\x1b\\'],
    ['XTGETTCAP', '\x1bP+q544e;436f\x1b\\', '\x1bP0+r\x1b\\'],
    ['size in cells', '\x1b[18t', '\x1b[8;24;80t'],
    ['status protocol', '\x1b]7501;?\x07\x1b[c', '\x1b]7501;?\x1b\\\x1b[?1;2c'],
  ])('%s', (_name, question, answer) => {
    expect(after(question).takeReplies()).toBe(answer);
  });

  it.each([
    '\x1b]4;1;?\x07',
    '\x1b]12;red\x07',
    '\x1b]17;?\x07',
    '\x1b]52;c;?\x07',
    '\x1b]1337;x\x07',
    '\x1b]99;;\x07',
    '\x1b[14t',
    '\x1b[?996n',
    '\x1b[=c',
  ])('swallows %j', (question) => {
    const emulator = after(`${question}ok`);
    expect(emulator.takeReplies()).toBe('');
    expect(textOf(emulator)).toEqual(['ok']);
    expect(emulator.signals.empty).toBe(true);
  });

  it('answers nothing and signals nothing while output is replayed', () => {
    const emulator = new XtermEmulator(80, 24);
    emulator.replaying = true;
    emulator.parse(bytesOf('\x1b[c\x1b]7501;?\x07\x1b]7501;state=idle\x07\x07\x1b]0;old\x07'));
    emulator.replaying = false;
    expect(emulator.takeReplies()).toBe('');
    expect(emulator.signals.take()).toEqual([]);
    emulator.parse(bytesOf('\x1b]0;old\x07'));
    expect(emulator.signals.take()).toEqual([]);
    emulator.parse(bytesOf('\x1b]0;new\x07'));
    expect(emulator.signals.take()).toEqual([{ kind: 'title', text: 'new' }]);
  });
});

describe('line numbers', () => {
  it('grow with every line that scrolls, through trimming, clearing and resets', () => {
    const emulator = new XtermEmulator(20, 5);
    emulator.parse(bytesOf(Array.from({ length: 3000 }, (_, n) => `n${n}`).join('\r\n')));
    expect(emulator.state()).toMatchObject({ base: 2995, oldest: 1995 });
    expect(emulator.line(2995)?.translateToString(true)).toBe('n2995');
    expect(emulator.line(1995)?.translateToString(true)).toBe('n1995');
    expect(emulator.line(1994)).toBeUndefined();
    emulator.parse(bytesOf('\x1b[3J'));
    expect(emulator.state()).toMatchObject({ base: 2995, oldest: 2995 });
    emulator.parse(bytesOf('\x1bc'));
    expect(emulator.state()).toMatchObject({ base: 3000, oldest: 3000 });
    emulator.parse(bytesOf('\x1bca\r\n\n\n\n\n\n'));
    expect(emulator.state()).toMatchObject({ base: 3007, oldest: 3005 });
  });

  it('stand still while the alternate screen is shown', () => {
    const emulator = after('a\r\n'.repeat(30), 20, 5);
    const { base } = emulator.state();
    emulator.parse(bytesOf(`\x1b[?1049h${'alt\r\n'.repeat(30)}`));
    expect(emulator.state().base).toBe(base);
    expect(emulator.line(base)?.translateToString(true)).toBe('alt');
    expect(emulator.line(base - 1)?.translateToString(true)).toBe('a');
  });
});

describe('text', () => {
  it('joins what wrapped, and keeps colours on request', () => {
    const emulator = after('\x1b[1;31mred\x1b[m and \x1b[38;2;1;2;3;48;5;9mmore\x1b[m 漢字', 10, 4);
    expect(textOf(emulator)).toEqual(['red and more 漢字']);
    expect(paneText(emulator, { lines: null, screen: true, ansi: true }).lines[0]).toBe(
      '\x1b[0;1;31mred\x1b[0m and \x1b[0;38;2;1;2;3;48;5;9mmo\x1b[0m',
    );
    expect(paneText(emulator, { lines: 1, screen: true, ansi: false }).lines).toHaveLength(4);
  });

  it('is as many of the last lines as are asked for', () => {
    const emulator = after('one\r\ntwo\r\nthree', 10, 4);
    const last = (lines: number) => paneText(emulator, { lines, screen: false, ansi: false }).lines;
    expect([0, 2, 9].map(last)).toEqual([[], ['two', 'three'], ['one', 'two', 'three']]);
  });
});
