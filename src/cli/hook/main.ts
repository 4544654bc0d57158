/** Entry of the hook in Node: `node dist/hook.js hook NAME`. Runs on Node 20, too: starting a newer one would take longer than all of it. */
import { hook } from './hook.ts';

await hook(process.argv[3] ?? '');
