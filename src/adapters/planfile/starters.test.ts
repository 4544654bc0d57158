import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planIndex } from '../../core/schedule/plan-index.ts';
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

  it('integrate nothing that a checkpoint may still send back: mlx-backend', async () => {
    const loaded = await loadPlan(join(folder, 'mlx-backend.yaml'));
    if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
    const { needs } = planIndex(loaded.plan);
    const gates = needs.get('integrate')!.flatMap((need) => (need.on === 'gate' ? [need.id] : []));
    expect(gates).toEqual(['checkpoint-2', 'checkpoint-3', 'checkpoint-4', 'checkpoint-5']);
  });
});
