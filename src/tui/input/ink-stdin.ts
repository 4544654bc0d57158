import { PassThrough } from 'node:stream';

/** What Ink takes for its keyboard: nothing ever comes, and raw mode and the like change nothing. */
class InkStdin extends PassThrough {
  readonly isTTY = true;
  isRaw = false;

  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw;
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/** As the type that Ink's render() asks for; it uses only what is here. */
export function createInkStdin(): NodeJS.ReadStream {
  return new InkStdin() as unknown as NodeJS.ReadStream;
}
