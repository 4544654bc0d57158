/** Page size and clock tick of this kernel, which no call of Node tells: both are in the auxiliary vector (getauxval(3)). */
import { readFile } from 'node:fs/promises';

export interface Units {
  readonly pageBytes: number;
  readonly ticksPerSecond: number;
}

/** Types of entries, from elf.h. */
const AT_PAGESZ = 6n;
const AT_CLKTCK = 17n;
/** What nearly every machine has. */
const USUAL: Units = { pageBytes: 4096, ticksPerSecond: 100 };

export async function readUnits(): Promise<Units> {
  return unitsOf(await readFile('/proc/self/auxv').catch(() => Buffer.alloc(0)));
}

/** @param auxv pairs of 64-bit words, type and value, in the machine's own order (little-endian where llmctl runs) */
export function unitsOf(auxv: Buffer): Units {
  let { pageBytes, ticksPerSecond } = USUAL;
  for (let at = 0; at + 16 <= auxv.length; at += 16) {
    const type = auxv.readBigUInt64LE(at);
    const value = Number(auxv.readBigUInt64LE(at + 8));
    if (value <= 0) continue;
    if (type === AT_PAGESZ) pageBytes = value;
    if (type === AT_CLKTCK) ticksPerSecond = value;
  }
  return { pageBytes, ticksPerSecond };
}
