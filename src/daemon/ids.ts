import { randomBytes } from 'node:crypto';

/** Short enough to type, never beginning with a dash, and never digits alone: as a key those would come before older ones. */
export function newId(): string {
  const id = randomBytes(4).toString('hex');
  return /^\d+$/.test(id) ? newId() : id;
}
