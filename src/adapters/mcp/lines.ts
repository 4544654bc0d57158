/** Standard input as MCP has it: one JSON document a line (modelcontextprotocol.io, "Transports", stdio). */
import { Transform } from 'node:stream';
import { oneLine } from '../../core/text.ts';

/** No call of a tool comes near this. */
const LINE_MAX_BYTES = 1024 * 1024;

/**
 * Lets lines through that are messages; what isn't one is told of and left out, so that nothing a client says wrong ends the server.
 * @param onBad one line each, with the number of the line in the input
 */
export function jsonLines(onBad: (why: string) => void, maxBytes = LINE_MAX_BYTES): Transform {
  let parts: Buffer[] = [];
  let bytes = 0;
  let skipping = false;
  let count = 0;
  const take = (chunk: Buffer): void => {
    bytes += chunk.length;
    if (skipping) return;
    if (bytes <= maxBytes) parts.push(chunk);
    else {
      skipping = true;
      parts = [];
    }
  };
  const end = (push: (line: Buffer) => void): void => {
    const line = Buffer.concat(parts);
    count++;
    if (skipping) onBad(`line ${count} has ${bytes} bytes and was left out: ${maxBytes} are the most`);
    else if (isMessage(line)) push(Buffer.concat([line, NEWLINE]));
    else if (line.toString('utf8').trim() !== '')
      onBad(`line ${count} is no message of JSON-RPC 2.0 and was left out: ${oneLine(line.toString('utf8'), SHOWN)}`);
    parts = [];
    bytes = 0;
    skipping = false;
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      let from = 0;
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, from)) {
        take(chunk.subarray(from, at));
        end((line) => this.push(line));
        from = at + 1;
      }
      take(chunk.subarray(from));
      done();
    },
    // A last line without an end is whole all the same.
    flush(done) {
      end((line) => this.push(line));
      done();
    },
  });
}

/** Of a line that is told of, in characters. */
const SHOWN = 60;

const NEWLINE = Buffer.from('\n');

function isMessage(line: Buffer): boolean {
  try {
    const value = JSON.parse(line.toString('utf8')) as { readonly jsonrpc?: unknown } | null;
    return value?.jsonrpc === '2.0';
  } catch {
    return false;
  }
}
