import { describe, expect, it } from 'vitest';
import { FakeClock } from './clock.testkit.ts';
import type { TerminalOutput } from './output.ts';
import { Pacer } from './pacer.ts';

/** A line of so many bytes a second and so long a round trip; the terminal answers what it reads. */
class Line implements TerminalOutput {
  readonly columns = 80;
  readonly rows = 24;
  readonly needsDrain = false;
  readonly pacer: Pacer;
  readonly clock = new FakeClock();
  behindMs = 0;
  sent = 0;
  #freeAt = 0;
  #bytesPerMs: number;
  #roundTripMs: number;

  constructor(bytesPerSecond: number, roundTripMs: number) {
    this.#bytesPerMs = bytesPerSecond / 1000;
    this.#roundTripMs = roundTripMs;
    this.pacer = new Pacer(this, this.clock, () => {});
    this.pacer.expectAnswer();
    this.write(Buffer.from('\x1b[5n'));
    this.clock.advance(roundTripMs + 1);
  }

  write(bytes: Uint8Array): void {
    const now = this.clock.now();
    this.sent += bytes.length;
    this.#freeAt = Math.max(now, this.#freeAt) + bytes.length / this.#bytesPerMs;
    this.behindMs = Math.max(this.behindMs, this.#freeAt - now);
    if (!Buffer.from(bytes).includes('\x1b[5n')) return;
    this.clock.after(this.#freeAt - now + this.#roundTripMs, () => this.pacer.answered());
  }

  onDrain(): void {}
  onResize(): void {}

  /** Frames of `size` bytes, 30 a second, as far as the pacer lets them. @returns how many went out */
  run(size: number, seconds: number): number {
    let frames = 0;
    for (let ms = 0; ms < seconds * 1000; ms += 33) {
      this.clock.advance(33);
      if (!this.pacer.open) continue;
      const suffix = this.pacer.suffix(size);
      this.pacer.write(Buffer.from('x'.repeat(size) + suffix), suffix !== '');
      frames++;
    }
    return frames;
  }
}

describe('Pacer', () => {
  it('keeps the screen of a slow line current', () => {
    const line = new Line(50_000, 100);
    line.run(3000, 30);
    expect(line.behindMs).toBeLessThan(300);
    expect(line.sent).toBeGreaterThan(30 * 50_000 * 0.5);
  });

  it('loses few frames on a long fast line', () => {
    const line = new Line(5_000_000, 120);
    line.run(2500, 10);
    expect(line.run(2500, 10)).toBeGreaterThan(290);
  });

  it('sends nothing but what changed to a terminal near by, with few questions', () => {
    const line = new Line(50_000_000, 0);
    const frames = line.run(300, 10);
    expect(frames).toBe(304);
    expect(line.sent - frames * 300).toBeLessThan(frames * 2);
  });
});
