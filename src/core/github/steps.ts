/** From what is on GitHub to what the plan wants there. Only adds: titles, texts and states there are people's own. */
import type { Wanted, WantedIssue, WantedLabel, WantedMilestone } from './wanted.ts';

export interface GithubIssue {
  readonly number: number;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  /** Number of its milestone. */
  readonly milestone: number | null;
}

export interface GithubMilestone {
  readonly number: number;
  readonly title: string;
  readonly description: string;
}

/** What is there, closed ones too. */
export interface OnGithub {
  readonly labels: readonly string[];
  readonly milestones: readonly GithubMilestone[];
  readonly issues: readonly GithubIssue[];
}

export type GithubStep =
  | { readonly do: 'create-label'; readonly label: WantedLabel }
  | { readonly do: 'create-milestone'; readonly milestone: WantedMilestone }
  | { readonly do: 'create-issue'; readonly issue: WantedIssue }
  /** `labels` and `milestone` (an id of the plan's) are what it lacks. */
  | {
      readonly do: 'update-issue';
      readonly number: number;
      readonly title: string;
      readonly labels: readonly string[];
      readonly milestone: string | null;
    }
  /** The plan names an issue that isn't there. */
  | { readonly do: 'miss-issue'; readonly number: number; readonly id: string };

export interface GithubPlan {
  readonly steps: readonly GithubStep[];
  /** Id of the plan's → number of a milestone that is there. */
  readonly milestones: ReadonlyMap<string, number>;
  /** How many are as they should be. */
  readonly kept: number;
}

export function githubSteps(wanted: Wanted, there: OnGithub): GithubPlan {
  const names = new Set(there.labels.map((name) => name.toLowerCase()));
  const milestones = new Map<string, number>();
  for (const milestone of wanted.milestones) {
    const found = milestoneThere(milestone, there.milestones);
    if (found) milestones.set(milestone.id, found.number);
  }
  const steps: GithubStep[] = [
    ...wanted.labels
      .filter(({ name }) => !names.has(name.toLowerCase()))
      .map((label) => ({ do: 'create-label', label }) as const),
    ...wanted.milestones
      .filter(({ id }) => !milestones.has(id))
      .map((milestone) => ({ do: 'create-milestone', milestone }) as const),
    ...wanted.issues.flatMap((issue) => issueSteps(issue, there.issues, milestones)),
  ];
  const all = wanted.labels.length + wanted.milestones.length + wanted.issues.length;
  return { steps, milestones, kept: all - steps.length };
}

/** GitHub has no two of one title. */
function milestoneThere(
  { marker, title }: WantedMilestone,
  all: readonly GithubMilestone[],
): GithubMilestone | undefined {
  return all.find(({ description }) => description.includes(marker)) ?? all.find((one) => one.title === title);
}

function issueSteps(
  issue: WantedIssue,
  all: readonly GithubIssue[],
  milestones: ReadonlyMap<string, number>,
): readonly GithubStep[] {
  const found = all.find(({ number, body }) =>
    issue.number === null ? body.includes(issue.marker) : number === issue.number,
  );
  if (!found) {
    return issue.number === null
      ? [{ do: 'create-issue', issue }]
      : [{ do: 'miss-issue', number: issue.number, id: issue.id }];
  }
  const has = new Set(found.labels.map((name) => name.toLowerCase()));
  const labels = issue.labels.filter((name) => !has.has(name.toLowerCase()));
  const known = issue.milestone === null ? undefined : milestones.get(issue.milestone);
  // One that people have put it into stays.
  const milestone = found.milestone === null && issue.milestone !== null ? issue.milestone : null;
  if (labels.length === 0 && (milestone === null || known === found.milestone)) return [];
  return [{ do: 'update-issue', number: found.number, title: found.title, labels, milestone }];
}

/** One line; not yet safe to show. */
export function stepWords(step: GithubStep): string {
  switch (step.do) {
    case 'create-label':
      return `label ${step.label.name}`;
    case 'create-milestone':
      return `milestone ${step.milestone.title}`;
    case 'create-issue': {
      const { title, labels } = step.issue;
      return `issue ${title}${labels.length === 0 ? '' : ` [${labels.join(', ')}]`}`;
    }
    case 'update-issue': {
      const adds = [...step.labels, ...(step.milestone === null ? [] : [`milestone ${step.milestone}`])];
      return `issue #${step.number} ${step.title}: ${adds.join(', ')}`;
    }
    case 'miss-issue':
      return `issue #${step.number} of ${step.id} is not there: correct "issue:" in the plan, or take it out`;
  }
}
