/** The version in package.json: bundled or run from src, the file is two or so levels up. */
import { readFileSync } from 'node:fs';

export function version(): string {
  for (const place of ['../package.json', '../../package.json']) {
    try {
      const found: unknown = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8'));
      if (isPackage(found) && found.name === 'llmctl') return found.version;
    } catch {
      // Not this level.
    }
  }
  return 'unknown';
}

function isPackage(value: unknown): value is { name: string; version: string } {
  return typeof value === 'object' && value !== null && 'name' in value && 'version' in value;
}
