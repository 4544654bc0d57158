/** Tells people outside the room of what happens, by their own rules; what can't be told is said once, in the room. */
import { channelsOf, deliver, type Channel } from '../../adapters/notify/deliver.ts';
import type { JournalEntry } from '../../core/model/events.ts';
import { follow, toldAlready, type Notice, type Told } from '../../core/notify/notices.ts';
import { isTold, type NotifyRules } from '../../core/notify/rules.ts';
import { isoTime } from '../../core/select/time.ts';
import { Lanes } from '../lanes.ts';
import type { Room } from '../room.ts';

export interface NotifierParts {
  readonly room: Pick<Room, 'state' | 'dispatch'>;
  /** A person's rules as they are now. */
  readonly rules: () => Promise<NotifyRules>;
  readonly tell?: typeof deliver;
  readonly now?: () => Date;
}

/** A flood of notices is one long wait for whoever is slow to take them: what is more than this is dropped. */
const WAITING_MAX = 20;
const TROUBLE = 'notify:';

export class Notifier {
  readonly #parts: NotifierParts;
  readonly #lanes = new Lanes();
  #told: Told | null = null;
  #waiting = 0;

  constructor(parts: NotifierParts) {
    this.#parts = parts;
  }

  /** Alerts from before are told already. */
  start(): void {
    this.#told = toldAlready(this.#parts.room.state.alerts);
  }

  heard(entry: JournalEntry): void {
    if (this.#told === null) return;
    const { told, notice } = follow(this.#told, entry);
    this.#told = told;
    // That somebody can't be told is for those in the room.
    if (notice === null || notice.cause.startsWith(TROUBLE)) return;
    void this.#tell(notice);
  }

  async #tell(notice: Notice): Promise<void> {
    const now = this.#parts.now?.() ?? new Date();
    const rules = await this.#parts.rules();
    if (!isTold(rules, notice, now.getHours() * 60 + now.getMinutes())) return;
    for (const channel of channelsOf(rules)) this.#send(channel, rules, notice);
  }

  #send(channel: Channel, rules: NotifyRules, notice: Notice): void {
    if (this.#waiting >= WAITING_MAX) return;
    const { room, tell = deliver } = this.#parts;
    const { id, repo } = room.state.session;
    const { level, text, agent, cause, at } = notice;
    this.#waiting++;
    void this.#lanes.run(channel, async () => {
      try {
        await tell(channel, rules, { level, text, agent, cause, at: isoTime(at), session: id, repo });
        this.#trouble(channel, null);
      } catch (error) {
        this.#trouble(channel, (error as Error).message);
      }
      this.#waiting--;
    });
  }

  /** Once, until it works again. */
  #trouble(channel: Channel, why: string | null): void {
    const { room } = this.#parts;
    const cause = TROUBLE + channel;
    const shown = room.state.alerts.some((alert) => alert.cause === cause);
    if (why === null) {
      if (shown) room.dispatch({ type: 'alert.over', cause });
    } else if (!shown) {
      const text = `notifications: ${why}; see notifications in your settings`;
      room.dispatch({ type: 'alert', level: 'warn', text, agent: null, cause });
    }
  }
}
