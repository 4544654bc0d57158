/**
 * Answers to what programs ask their terminal. xterm itself answers DA1, DA2, DSR, DECRQM, DECRQSS and the size in
 * cells; here is the rest. What nobody answers is swallowed: a program must ask DA1 last, and that has an answer.
 */
import type { TerminalColours } from './api.ts';
import { parseStatus } from './evidence.ts';
import type { SignalQueue } from './evidence.ts';
import { DcsTextSink, TextSink } from './sinks.ts';
import type { XtermCore } from './xterm-internals.ts';

const ST = '\x1b\\';
/** SGR mouse reports in pixels: there are no pixels here. */
const PIXEL_MOUSE = 1016;

export function answerQueries(
  core: XtermCore,
  colours: TerminalColours,
  signals: SignalQueue,
  reply: (text: string) => void,
): void {
  const parser = core._inputHandler._parser;
  // XTVERSION, https://invisible-island.net/xterm/ctlseqs/ctlseqs.html
  parser.registerCsiHandler({ prefix: '>', final: 'q' }, () => {
    reply(`\x1bP>|llmctl${ST}`);
    return true;
  });
  parser.registerCsiHandler({ prefix: '?', intermediates: '$', final: 'p' }, (params) => {
    if (params.params[0] !== PIXEL_MOUSE) return false;
    reply(`\x1b[?${PIXEL_MOUSE};4$y`);
    return true;
  });
  parser.registerCsiHandler({ prefix: '?', final: 'h' }, (params) => {
    for (let i = 0; i < params.length; i++) if (params.params[i] === PIXEL_MOUSE) params.params[i] = 0;
    return false;
  });
  answerColours(core, colours, reply);
  // The answer to the question must come before that to DA1, which a program sends right behind it.
  parser.registerOscHandler(
    7501,
    new TextSink((text) => {
      if (text === '?') reply(`\x1b]7501;?${ST}`);
      const status = parseStatus(text);
      if (status) signals.push(status);
    }),
  );
  // XTGETTCAP: no such capability, whatever was asked.
  parser.registerDcsHandler({ intermediates: '+', final: 'q' }, new DcsTextSink(() => reply(`\x1bP0+r${ST}`)));
  parser.clearDcsHandler({ intermediates: '$', final: 'q' });
  parser.registerDcsHandler(
    { intermediates: '$', final: 'q' },
    new DcsTextSink((text, params) => core._inputHandler.requestStatusString(text, params)),
  );
  parser.setOscHandlerFallback(() => {});
  parser.setDcsHandlerFallback(() => {});
}

/** OSC 10, 11 and 12: a list asks for the following colours too. Setting a colour changes nothing here. */
function answerColours(core: XtermCore, colours: TerminalColours, reply: (text: string) => void): void {
  const parser = core._inputHandler._parser;
  const values = [colours.foreground, colours.background, colours.foreground];
  for (let first = 0; first < values.length; first++) {
    parser.clearOscHandler(10 + first);
    parser.registerOscHandler(
      10 + first,
      new TextSink((text) => {
        for (const [n, asked] of text.split(';').entries()) {
          const value = values[first + n];
          if (value !== undefined && asked === '?') reply(`\x1b]${10 + first + n};${value}${ST}`);
        }
      }),
    );
  }
  for (const id of [4, 104, 110, 111, 112]) {
    parser.clearOscHandler(id);
    parser.registerOscHandler(id, new TextSink(() => {}));
  }
}
