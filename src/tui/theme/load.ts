import { nearestNames } from '../../core/nearest.ts';
import { type Paint, parseLook, toPaint, withoutColor } from './paint.ts';
import { TOKENS, type Token } from './tokens.ts';

export interface Theme {
  readonly name: string;
  readonly description: string;
  readonly paints: Readonly<Record<Token, Paint>>;
}

/** One line: which theme, where in it, what is wrong and what to do. */
export class ThemeError extends Error {
  override readonly name = 'ThemeError';
}

export interface ThemeOptions {
  /** Attributes only: NO_COLOR (https://no-color.org) is set and not empty. */
  readonly noColor: boolean;
}

/**
 * Reads a theme out of its JSON text: `{"name", "description", "tokens": {TOKEN: LOOK}}`; looks as parseLook takes them.
 * Tokens left out are an error: a theme says all of itself, and a new token is then noticed in every one.
 * @throws ThemeError
 */
export function loadTheme(name: string, json: string, options: ThemeOptions = { noColor: false }): Theme {
  const tokens = tokensOf(name, json);
  const unknown = Object.keys(tokens.looks).find((key) => !TOKENS.some((token) => token === key));
  if (unknown !== undefined) {
    const near = nearestNames(unknown, [...TOKENS]).join(', ');
    throw new ThemeError(`theme ${name}: tokens.${unknown} is not known${near ? `; perhaps ${near}` : ''}`);
  }
  const paints: Partial<Record<Token, Paint>> = {};
  for (const token of TOKENS) paints[token] = paintOf(name, token, tokens.looks[token], options);
  return { name, description: tokens.description, paints: paints as Record<Token, Paint> };
}

function paintOf(theme: string, token: Token, look: unknown, options: ThemeOptions): Paint {
  if (typeof look !== 'string') {
    const what = look === undefined ? 'is missing' : 'is not a text';
    throw new ThemeError(`theme ${theme}: tokens.${token} ${what}; write a look such as "#7aa2f7 bold"`);
  }
  try {
    const parsed = parseLook(look);
    return toPaint(options.noColor ? withoutColor(parsed) : parsed);
  } catch (error) {
    throw new ThemeError(`theme ${theme}: tokens.${token}: ${(error as Error).message}`);
  }
}

function tokensOf(name: string, json: string): { description: string; looks: Record<string, unknown> } {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new ThemeError(`theme ${name}: not JSON: ${(error as Error).message}`);
  }
  if (!isRecord(value) || !isRecord(value['tokens'])) {
    throw new ThemeError(`theme ${name}: needs an object "tokens" with a look for each token`);
  }
  const description = typeof value['description'] === 'string' ? value['description'] : '';
  return { description, looks: value['tokens'] };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
