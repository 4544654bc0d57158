/** Text whose UTF-8 was once read as something else: `â†’` for →. Put right where it is certain. */

/** What UTF-8 is mistaken for: Windows in the west and in Turkey, and the old Mac. */
const ENCODINGS = ['windows-1252', 'windows-1254', 'macintosh'] as const;

function bytesOf(encoding: string): ReadonlyMap<string, number> {
  const table = new Map<string, number>();
  const decoder = new TextDecoder(encoding);
  for (let byte = 0x80; byte <= 0xff; byte++) table.set(decoder.decode(Uint8Array.of(byte)), byte);
  return table;
}

/** Bytes as they are (ISO 8859-1), which `TextDecoder` takes for Windows. */
function plainBytes(): ReadonlyMap<string, number> {
  return new Map(Array.from({ length: 0x80 }, (_, at) => [String.fromCharCode(0x80 + at), 0x80 + at]));
}

const NON_ASCII = /[^\0-\x7f]/;

/** Length of the sequence that a first byte announces; 0 for one that can't begin any. */
function sequenceLength(byte: number): number {
  if (byte >= 0xc2 && byte <= 0xdf) return 2;
  if (byte >= 0xe0 && byte <= 0xef) return 3;
  return byte >= 0xf0 && byte <= 0xf4 ? 4 : 0;
}

function repairedWith(text: string, table: ReadonlyMap<string, number>): { text: string; count: number } {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let out = '';
  let count = 0;
  for (let at = 0; at < text.length;) {
    if (text.charCodeAt(at) < 0x80) {
      const next = at + (NON_ASCII.exec(text.slice(at, at + 4096))?.index ?? Math.min(4096, text.length - at));
      out += text.slice(at, next);
      at = next;
      continue;
    }
    const length = sequenceLength(table.get(text[at]!) ?? 0);
    const bytes = Array.from(text.slice(at, at + length), (char) => table.get(char) ?? -1);
    let whole: string | null = null;
    if (length > 0 && bytes.length === length && !bytes.includes(-1)) {
      try {
        whole = decoder.decode(Uint8Array.from(bytes));
      } catch {
        whole = null;
      }
    }
    out += whole ?? text[at]!;
    at += whole === null ? 1 : length;
    if (whole !== null) count++;
  }
  return { text: out, count };
}

/** One sequence alone may be what somebody meant to write; two are not. */
const CERTAIN = 2;

/** Some went wrong more than once, on their way through several programs. */
const ROUNDS = 3;

/** The text as it was meant; the same text where nothing says that it was mangled. Lines stay where they are. */
export function repairMojibake(text: string): string {
  const tables = [...ENCODINGS.map(bytesOf), plainBytes()];
  let repaired = text;
  for (let round = 0; round < ROUNDS; round++) {
    const tries = tables.map((table) => repairedWith(repaired, table));
    const best = tries.reduce((most, one) => (one.count > most.count ? one : most));
    if (best.count < CERTAIN) break;
    repaired = best.text;
  }
  return repaired;
}
