/** Tells the operator's terminal what wants an eye, once for each cause. */
import type { RoomClient } from '../../client/api.ts';
import { follow, toldAlready } from '../../core/notify/notices.ts';
import { isTold, type NotifyRules } from '../../core/notify/rules.ts';

/**
 * @param tell rings, shows
 * @returns ends it
 */
export function watchNotices(
  client: RoomClient,
  rules: NotifyRules,
  tell: (text: string) => void,
  now: () => Date = () => new Date(),
): () => void {
  let seq = client.state().seq;
  let told = toldAlready(client.state().alerts);
  return client.onChange(() => {
    const fresh = client.recent().filter((entry) => entry.seq > seq);
    seq = client.state().seq;
    let text: string | null = null;
    for (const entry of fresh) {
      const step = follow(told, entry);
      ({ told } = step);
      const at = now();
      if (step.notice && isTold(rules, step.notice, at.getHours() * 60 + at.getMinutes())) ({ text } = step.notice);
    }
    // Of several that come together one ring is enough; the room shows the others.
    if (text !== null) tell(text);
  });
}
