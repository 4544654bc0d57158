/** agent schema: what a profile may say. */
import { profileSchema } from '../../core/profile/read.ts';
import { printJson } from '../io.ts';

export async function printProfileSchema(): Promise<void> {
  printJson(profileSchema());
}
