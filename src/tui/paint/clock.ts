/** Time for pacing: monotonic, so that a clock set back holds nothing up. Tests bring their own. */
export interface Clock {
  /** Milliseconds from some fixed moment. */
  now(): number;
  /** Milliseconds since 1970, for what people read. */
  wall(): number;
  /** Calls `run` once after `ms`. @returns what cancels it */
  after(ms: number, run: () => void): () => void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
