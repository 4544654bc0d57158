import { describe, expect, it } from 'vitest';
import type { Event } from '../model/events.ts';
import { eventWithoutSecrets } from './secrets.ts';

describe('what is shown', () => {
  it('has no token by which anybody could speak for an agent', () => {
    const started: Event = { type: 'agent.started', agent: 'ana', pid: 7, token: 'secret' };
    expect(eventWithoutSecrets(started)).toEqual({ ...started, token: '…' });
    const backoff: Event = { type: 'agent.backoff', agent: 'ana', untilMs: 7, reason: 'fell' };
    expect(eventWithoutSecrets(backoff)).toBe(backoff);
  });
});
