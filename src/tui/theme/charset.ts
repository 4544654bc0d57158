/** Characters that a terminal or its font may lack, and what stands for them. Never by width: each pair is one column. */

export type Charset = 'unicode' | 'linux' | 'ascii';

/** The Linux console's fonts hold what code page 437 held (console_codes(4), setfont(8)). */
const LINUX: Readonly<Record<string, string>> = {
  '╭': '┌',
  '╮': '┐',
  '╰': '└',
  '╯': '┘',
  '┏': '╔',
  '┓': '╗',
  '┗': '╚',
  '┛': '╝',
  '┃': '║',
  '━': '═',
  '…': '~',
  '●': '•',
  '◆': '♦',
  '◌': '·',
  '◔': '%',
  '‖': '=',
  '✓': '√',
  '✗': 'x',
  '▰': '■',
  '▱': '·',
  '☐': 'o',
  '☑': '√',
  '▸': '►',
  '⚠': '!',
  '×': 'x',
  '⏎': '>',
  '│': '│',
  '✎': '*',
  '▁': '_',
  '▂': '_',
  '▃': '▄',
  '▅': '▄',
  '▆': '█',
  '▇': '█',
  '–': '-',
};

const ASCII: Readonly<Record<string, string>> = {
  '╭': '+',
  '╮': '+',
  '╰': '+',
  '╯': '+',
  '─': '-',
  '│': '|',
  '├': '+',
  '┤': '+',
  '┬': '+',
  '┴': '+',
  '┼': '+',
  '┏': '#',
  '┓': '#',
  '┗': '#',
  '┛': '#',
  '┃': '#',
  '━': '=',
  '╔': '@',
  '╗': '@',
  '╚': '@',
  '╝': '@',
  '║': '@',
  '═': '@',
  '…': '~',
  '·': '.',
  '●': '*',
  '◆': '!',
  '○': 'o',
  '◌': '.',
  '◔': '%',
  '▲': '^',
  '‖': '=',
  '✓': '+',
  '✗': 'x',
  '■': '-',
  '▰': '#',
  '▱': '.',
  '☐': 'o',
  '☑': '+',
  '▸': '>',
  '↑': '^',
  '↓': 'v',
  '→': '>',
  '←': '<',
  '±': '~',
  '⚠': '!',
  '×': 'x',
  '▼': 'v',
  '⏎': '>',
  '█': '#',
  '░': '.',
  '▓': '=',
  '▏': '|',
  '✎': '*',
  '▁': '_',
  '▂': '.',
  '▃': '-',
  '▄': '=',
  '▅': '+',
  '▆': '*',
  '▇': '%',
  '–': '-',
};

/** What the environment says the terminal can draw: UTF-8 by its locale, and whether it is the Linux console. */
export function detectCharset(env: Readonly<Record<string, string | undefined>>): Charset {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  if (!/utf-?8/i.test(locale)) return 'ascii';
  return env['TERM'] === 'linux' ? 'linux' : 'unicode';
}

const ASCII_ONLY = /^[\x20-\x7e]*$/;

/** `text` with the characters that `charset` lacks replaced; other text, such as an agent's name, stays as it is. */
export function inCharset(text: string, charset: Charset): string {
  if (charset === 'unicode' || ASCII_ONLY.test(text)) return text;
  const table = charset === 'ascii' ? ASCII : LINUX;
  let out = '';
  for (const char of text) out += table[char] ?? char;
  return out;
}
