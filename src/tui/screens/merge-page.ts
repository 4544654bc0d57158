import type { OverlapReply } from '../../client/api.ts';
import type { Round } from '../../core/merge/round.ts';
import { roundOf } from '../../core/select/overlaps.ts';
import type { Popup } from '../app/popup.ts';
import type { Room } from '../app/room.ts';
import { areaLines } from '../merge/area-lines.ts';
import { undecided } from '../merge/compose.ts';
import { type HunkPicture, choiceWords, hunkLines } from '../merge/hunk-lines.ts';
import { hunksOf } from '../merge/hunks.ts';
import { resultLines } from '../merge/result-lines.ts';
import { type Look, span } from '../presentation/look.ts';
import { overlapView } from '../presentation/overlap.ts';
import { age } from '../presentation/time.ts';
import { showControls } from '../../core/text.ts';
import { type Line, pad, wrapText } from '../widgets/line.ts';
import type { PopupContent, Spot } from './popup-box.ts';

type MergePopup = Extract<Popup, { kind: 'merge' }>;

/** The merge screen: who, which file, since when; below it the hunks, or the result, or the text being edited. */
export function mergePage(room: Room, popup: MergePopup, width: number, rows: number, look: Look): PopupContent {
  const reply = room.overlap?.latest ?? null;
  const overlap = room.state.overlaps[popup.overlap] ?? reply?.overlap;
  if (!overlap) return message('merge', 'this overlap is over, and forgotten', look);
  const view = overlapView(room.state, overlap);
  const title = `merge ${view.path}`;
  const head = [whoLine(room, popup, reply, look), stateLine(room, popup, reply, look)];
  const trouble = room.overlap?.trouble ?? null;
  if (!reply) {
    const why = trouble === null ? 'reading both sides…' : showControls(trouble);
    return { ...message(title, why, look), head };
  }
  const body = bodyOf(room, popup, reply, view.names, width, rows - head.length, look);
  const summary: Line = [span(look, `${view.glyph} ${view.word}`, view.token)];
  return {
    title,
    summary,
    head,
    cursor: null,
    top: popup.top,
    count: body.lines.length,
    // As high as it can be: the screen stands still whatever is shown.
    body: [
      ...body.lines,
      ...Array.from({ length: Math.max(0, rows - head.length - body.lines.length) }, (): Line => []),
    ],
    ...body.over,
  };
}

function message(title: string, text: string, look: Look): PopupContent {
  return { title, body: [[span(look, text, 'faint')]], top: 0, count: 0, cursor: null };
}

interface Body {
  readonly lines: readonly Line[];
  readonly over?: Partial<PopupContent>;
}

function bodyOf(
  room: Room,
  { merge }: MergePopup,
  reply: OverlapReply,
  names: readonly [string, string],
  width: number,
  rows: number,
  look: Look,
): Body {
  const { path } = reply.overlap;
  if (merge.edit) {
    const { lines, cursor } = areaLines(merge.edit.area, width, rows, look);
    return { lines, over: { cursor, top: 0 } };
  }
  const { segments } = reply;
  const showsResult = merge.result && (segments !== null || merge.whole?.take === 'edit');
  if (segments === null && !showsResult) return sidesOnly(reply, names, merge.whole?.take ?? null, width, look);
  const { lines, tops, spots } = drawn(reply, [merge, width, room.code, look.theme, ...names], (): HunkPicture => {
    if (showsResult) return { lines: resultLines(segments, merge, path, room.code, width, look), tops: [], spots: [] };
    return hunkLines(segments ?? [], { path, names, merge, code: room.code, width }, look);
  });
  return { lines, over: { marks: tops, spots } };
}

/** The last picture of a file: thousands of lines need not be drawn anew because one scrolls, or because an agent works on. */
const pictures = new WeakMap<OverlapReply, { readonly of: readonly unknown[]; readonly picture: HunkPicture }>();

function drawn(reply: OverlapReply, of: readonly unknown[], draw: () => HunkPicture): HunkPicture {
  const known = pictures.get(reply);
  if (known && known.of.every((one, i) => one === of[i])) return known.picture;
  const picture = draw();
  pictures.set(reply, { of, picture });
  return picture;
}

/** `A ana, B ben · policy merge · both stand still for 2m` */
function whoLine(room: Room, popup: MergePopup, reply: OverlapReply | null, look: Look): Line {
  const overlap = room.state.overlaps[popup.overlap] ?? reply?.overlap;
  if (!overlap) return [];
  const { names, policy, since } = overlapView(room.state, overlap);
  return [
    span(look, 'A ', 'key'),
    span(look, `${names[0]}  `, 'strong'),
    span(look, 'B ', 'key'),
    span(look, names[1], 'strong'),
    span(
      look,
      ` · ${pauseWords(roundOf(room.state, overlap.agents))} · since ${age(since, look.now)} · policy ${policy}`,
      'muted',
    ),
  ];
}

function pauseWords(round: Round | null): string {
  if (!round) return 'both write on: m pauses them';
  return round.sides.every(({ paused, gone }) => paused || gone) ? 'both stand still' : 'both are being paused';
}

/** What is decided, and what keys do next. */
function stateLine(room: Room, { merge }: MergePopup, reply: OverlapReply | null, look: Look): Line {
  if (merge.edit)
    return [span(look, 'editing: ', 'warn'), span(look, 'Ctrl+s keeps the text, Esc puts it aside', 'muted')];
  if (!reply) return [];
  if (merge.whole) {
    const { names } = overlapView(room.state, reply.overlap);
    const words =
      merge.whole.take === 'edit'
        ? 'the text from the editor'
        : `the whole file: ${choiceWords(merge.whole.take, names)}`;
    return [span(look, `✓ ${words}`, 'ok'), span(look, ', Enter takes it', 'muted')];
  }
  if (reply.segments === null)
    return [span(look, '▲ undecided: ', 'error'), span(look, 'a takes A, b takes B', 'muted')];
  const all = hunksOf(reply.segments).length;
  const open = undecided(reply, merge).length;
  if (all === 0) return [span(look, '✓ all of it combines', 'ok'), span(look, ', v shows the result', 'muted')];
  const done = span(look, `${all - open} of ${all} conflicts decided`, open === 0 ? 'ok' : 'error');
  const next = open === 0 ? ', v shows the result, Enter takes it' : ', n goes to the next';
  return [done, span(look, next, 'muted')];
}

/** A file that can only be taken from one side: binary, deleted, a link. */
function sidesOnly(
  reply: OverlapReply,
  [a, b]: readonly [string, string],
  take: 'A' | 'B' | 'edit' | null,
  width: number,
  look: Look,
): Body {
  const side = (mark: string, name: string, content: OverlapReply['a']): Line => [
    span(look, take === mark ? '✓ ' : '  ', 'ok'),
    span(look, pad(`${mark} ${name}`, 20), take === null || take === mark ? 'key' : 'faint'),
    span(look, CONTENT[content]),
  ];
  const why = reply.why === '' ? 'There is no text to show side by side.' : showControls(reply.why);
  const above: Line[] = [...wrapText(why, width).map((text): Line => [span(look, text, 'muted')]), []];
  const lines: Line[] = [
    ...above,
    side('A', a, reply.a),
    [span(look, `  ${pad('base', 20)}`, 'muted'), span(look, CONTENT[reply.base])],
    side('B', b, reply.b),
  ];
  const spotOf = (which: 'A' | 'B', y: number): Spot => ({
    hunk: 0,
    side: which,
    rect: { x: 0, y: above.length + y, width, height: 1 },
  });
  return { lines, over: { spots: [spotOf('A', 0), spotOf('B', 2)] } };
}

const CONTENT: Readonly<Record<OverlapReply['a'], string>> = {
  absent: 'no file (deleted, or not there yet)',
  text: 'text',
  binary: 'binary',
  symlink: 'a symbolic link',
  submodule: 'a submodule',
};
