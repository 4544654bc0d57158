import { describe, expect, it } from 'vitest';
import { DEFAULT_MERGE_POLICY } from '../model/overlap.ts';
import { NO_PERMISSIONS, type PermissionRule } from '../model/permission.ts';
import { mayRefuse } from './refusals.ts';

const rule = (answer: PermissionRule['answer']): PermissionRule => ({
  answer,
  tools: [],
  paths: [],
  commands: [],
  agents: [],
  why: '',
});
const lock = { match: '*.lock', policy: 'lock', driver: null, regenerate: null } as const;

describe('mayRefuse', () => {
  it('is true with a lock for any path, and with a rule that says no', () => {
    const plain = { mergePolicy: DEFAULT_MERGE_POLICY, permissions: NO_PERMISSIONS };
    expect(mayRefuse(plain)).toBe(false);
    expect(mayRefuse({ ...plain, mergePolicy: { ...DEFAULT_MERGE_POLICY, policy: 'lock' } })).toBe(true);
    expect(mayRefuse({ ...plain, mergePolicy: { ...DEFAULT_MERGE_POLICY, rules: [lock] } })).toBe(true);
    const ruled = (...rules: PermissionRule[]) => mayRefuse({ ...plain, permissions: { ...NO_PERMISSIONS, rules } });
    expect(ruled(rule('allow'), rule('ask'))).toBe(false);
    expect(ruled(rule('allow'), rule('deny'))).toBe(true);
  });
});
