/** What the commit of a milestone says. */
import type { Plan } from '../model.ts';
import type { PlanMilestone } from '../sections/stages.ts';
import { renderTemplate } from './template.ts';
import { templateValues, type MilestoneFigures } from './values.ts';

/** The plan's template, with its trailers; its title where there is no template. */
export function milestoneMessage(plan: Plan, milestone: PlanMilestone, figures: MilestoneFigures): string {
  const agent = plan.agents.find(({ id }) => id === milestone.owner) ?? null;
  const template = milestone.commit?.message ?? `milestone: ${milestone.title ?? milestone.id}`;
  const text = renderTemplate(template, templateValues(plan, { agent, task: null, milestone, figures })).trim();
  const trailers = plan.commits?.trailers ?? [];
  return trailers.length === 0 ? text : `${text}\n\n${trailers.join('\n')}`;
}
