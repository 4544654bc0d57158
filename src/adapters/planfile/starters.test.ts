import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../paths/dist.ts';
import { loadProfiles } from '../profiles/load.ts';
import { planAgents } from '../profiles/plan-agents.ts';
import { loadPlan } from './load.ts';

const folder = join(packageRoot(), 'plans');

describe('the plans to start from', () => {
  it.each(readdirSync(folder).filter((name) => name.endsWith('.yaml')))(
    '%s is right, and its profiles are there',
    async (name) => {
      const loaded = await loadPlan(join(folder, name));
      expect(loaded).toMatchObject({ ok: true, warnings: [] });
      const plan = loaded.ok ? loaded.plan : null;
      const profiles = await loadProfiles({ XDG_CONFIG_HOME: '/nonexistent' });
      expect(planAgents(plan!, profiles, '/repo', true).problems).toEqual([]);
    },
  );
});
