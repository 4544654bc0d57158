/** How much time is lost waiting for what the machine is short of: /proc/pressure (Documentation/accounting/psi.rst of Linux). */
import { readFileSync } from 'node:fs';

/** Percent of the last ten seconds in which some task waited; null where the kernel doesn't say. */
export interface Pressure {
  readonly cpu: number | null;
  readonly memory: number | null;
  readonly io: number | null;
}

/** Files of the kernel's memory, a line or two each: at once, like the load average. */
export function readPressure(folder = '/proc/pressure'): Pressure {
  const one = (name: string): number | null => {
    try {
      return parsePressure(readFileSync(`${folder}/${name}`, 'latin1'));
    } catch {
      return null;
    }
  };
  return { cpu: one('cpu'), memory: one('memory'), io: one('io') };
}

/** `some avg10=1.50 avg60=…`; null where it is none. */
export function parsePressure(text: string): number | null {
  const match = /^some avg10=(\d+(?:\.\d+)?)/m.exec(text);
  return match ? Number(match[1]) : null;
}
