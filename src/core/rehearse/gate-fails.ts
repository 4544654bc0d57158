import { chance, type Seed } from './chance.ts';

const SHARE = 0.3;

/** A command of a gate fails until the work before it was done again. @param at place among its checks */
export function gateFails(seed: Seed, gate: string, at: number): boolean {
  return seed !== null && chance(seed, 'gate', gate, String(at)) < SHARE;
}
