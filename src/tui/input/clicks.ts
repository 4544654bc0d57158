import type { Clock } from '../paint/clock.ts';
import type { MouseEvent } from './events.ts';

const DOUBLE_MS = 400;

/** Tells a double click: the second press of one button in one cell within 400 ms. */
export class Clicks {
  #clock: Clock;
  #last: { readonly event: MouseEvent; readonly at: number } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns the event, or the `double` that a second press is */
  see(event: MouseEvent): MouseEvent {
    if (event.kind !== 'press') {
      if (event.kind === 'drag') this.#last = null;
      return event;
    }
    const last = this.#last;
    const now = this.#clock.now();
    const isSecond =
      last !== null &&
      now - last.at <= DOUBLE_MS &&
      last.event.button === event.button &&
      last.event.x === event.x &&
      last.event.y === event.y;
    // A third press is a first one again.
    this.#last = isSecond ? null : { event, at: now };
    return isSecond ? { ...event, kind: 'double' } : event;
  }
}
