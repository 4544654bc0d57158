/** What of an index makes `git add` leave a file as it is, read without making a string of each of 100,000 names. */

export interface IndexFlags {
  /** Nothing is marked as unchanged, left out of the checkout or shared with another file. */
  readonly plain: boolean;
}

const ODD: IndexFlags = { plain: false };
const ASSUME_VALID = 0x8000;
const EXTENDED = 0x4000;
const SKIP_WORKTREE = 0x4000;
const NAME_LENGTH = 0x0fff;

/**
 * gitformat-index(5). Versions 2 and 3; version 4 with its shortened names counts as odd, as do split and sparse indexes.
 * @param oidBytes 20, or 32 for SHA-256
 */
export function indexFlags(index: Buffer, oidBytes: number): IndexFlags {
  if (index.length < 12 || index.toString('latin1', 0, 4) !== 'DIRC') return ODD;
  const version = index.readUInt32BE(4);
  if (version !== 2 && version !== 3) return ODD;
  const count = index.readUInt32BE(8);
  // Ten numbers of stat data, then the object's name.
  const flagsAt = 40 + oidBytes;
  let at = 12;
  for (let n = 0; n < count; n++) {
    if (at + flagsAt + 2 > index.length) return ODD;
    const flags = index.readUInt16BE(at + flagsAt);
    if (flags & ASSUME_VALID) return ODD;
    let name = at + flagsAt + 2;
    if (flags & EXTENDED) {
      if (index.readUInt16BE(name) & SKIP_WORKTREE) return ODD;
      name += 2;
    }
    const length = flags & NAME_LENGTH;
    const end = length < NAME_LENGTH ? name + length : index.indexOf(0, name);
    // From one to eight zeros, so that an entry's length is a multiple of eight.
    at += ((end - at + 8) >> 3) << 3;
  }
  return { plain: !hasExtension(index, at, oidBytes, ['link', 'sdir']) };
}

/** Lower-case names: extensions without which an index isn't understood. */
function hasExtension(index: Buffer, start: number, oidBytes: number, names: readonly string[]): boolean {
  for (let at = start; at + 8 <= index.length - oidBytes; at += 8 + index.readUInt32BE(at + 4)) {
    if (names.includes(index.toString('latin1', at, at + 4))) return true;
  }
  return false;
}
