/** The demo's cast. */
import type { Script } from '../agent/script.ts';
import { ANA } from './ana.ts';
import { BEN } from './ben.ts';
import { CLEO } from './cleo.ts';
import { DAN } from './dan.ts';

export const SCRIPTS: readonly Script[] = [ANA, BEN, CLEO, DAN];
