/** How large the context windows of opencode's models are, and how full one is: its `GET /config/providers` and `message.updated`. */
import { fields, text, type Fields } from './fields.ts';

/** Tokens, by `provider/model`. */
export type Windows = ReadonlyMap<string, number>;

export function windowsOf(listed: unknown): Windows {
  const { providers } = fields(listed);
  const sizes = (Array.isArray(providers) ? providers : []).flatMap((one: unknown) => {
    const { id, models } = fields(one);
    return Object.entries(fields(models)).flatMap(([model, about]) => {
      const size = fields(fields(about).limit).context;
      return typeof size === 'number' && size > 0 ? [[`${text(id)}/${model}`, size] as const] : [];
    });
  });
  return new Map(sizes);
}

export interface Fill {
  /** `provider/model` */
  readonly model: string;
  readonly tokens: number;
}

/** @returns what the last answer filled; null where a message is no answer, or says nothing yet */
export function fillOf(message: Fields): Fill | null {
  const { input, output, reasoning, cache } = fields(message.tokens);
  const { read, write } = fields(cache);
  const tokens = [input, output, reasoning, read, write].reduce<number>(
    (sum, count) => sum + (typeof count === 'number' && Number.isFinite(count) ? count : 0),
    0,
  );
  const isAnswer = message.role === 'assistant' && tokens > 0;
  return isAnswer ? { model: `${text(message.providerID)}/${text(message.modelID)}`, tokens } : null;
}
