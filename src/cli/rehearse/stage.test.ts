/** The rehearsed plan is the plan: only its programs and commands are others. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../adapters/paths/dist.ts';
import { loadPlan, parsePlan, readPlanTree } from '../../adapters/planfile/load.ts';
import { planYaml } from '../../adapters/planfile/write-plan.ts';
import type { Plan } from '../../core/plan/model.ts';
import { rehearsedPlan } from '../../core/rehearse/stand-in.ts';

const FOLDER = join(packageRoot(), 'plans');
const STAND_IN = 'stands-in';

/** Without what is launched and run, and ids, which come of texts. */
function bones(plan: Plan) {
  return {
    ...plan,
    base: null,
    health: plan.health.map(({ name, timeoutMs }) => ({ name, timeoutMs })),
    agents: plan.agents.map(({ id, name, role, prompt, files }) => ({ id, name, role, prompt, files })),
    tasks: plan.tasks.map(({ validation, deliverables, acceptance, ...rest }) => ({
      ...rest,
      validation: validation.length,
      items: [...deliverables, ...acceptance].map(({ id, text, path, verify }) => [id, text, path, verify !== null]),
    })),
    gates: plan.gates.map((gate) => ({
      ...gate,
      checks: gate.checks.map((check) => [check.kind, check.text]),
    })),
    phases: plan.phases.map(({ id, title, success }) => [id, title, success.length]),
    milestones: plan.milestones.map(({ deliverables, ...rest }) => [rest, deliverables.length]),
    checklists: plan.checklists.map(({ id, when, items }) => [id, when, items.map(({ text }) => text)]),
    success: plan.success.map(({ text }) => text),
    workspace: plan.workspace.kind,
  };
}

describe.each(readdirSync(FOLDER))('plans/%s, rehearsed,', (name) => {
  it('is the same plan with other programs, none of its own commands among them', async () => {
    const path = join(FOLDER, name);
    const loaded = await loadPlan(path);
    if (!loaded.ok) throw new Error(loaded.problems[0]!.message);
    const { tree, sources } = await readPlanTree(path);
    let commands = 0;
    const standIns = { agent: [STAND_IN], command: () => [STAND_IN] };
    const texts = new Map([...sources].map(([file, { text }]) => [file, text]));
    const out = rehearsedPlan(tree!, loaded.plan, texts, standIns, () => commands++);
    const again = parsePlan(planYaml(out, []), name);
    if (!again.ok) throw new Error(again.problems[0]!.message);
    expect(bones(again.plan)).toEqual(bones(loaded.plan));
    expect(again.plan.agents.every(({ command }) => command?.[0] === STAND_IN)).toBe(true);
    const runs = JSON.stringify(again.plan).match(/"kind":"(?:shell|argv)"/g) ?? [];
    expect(JSON.stringify(again.plan)).not.toContain('"kind":"shell"');
    expect(runs.length).toBe(commands);
  });
});
