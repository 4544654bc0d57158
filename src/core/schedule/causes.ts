/** Causes of alerts about the plan's work: equal ones are one alert. */

export const blockedCause = (task: string): string => `task:${task}`;
export const gateCause = (gate: string): string => `gate:${gate}`;
/** All that waits for a person's hands. */
export const PERSON_CAUSE = 'tasks-of-a-person';
