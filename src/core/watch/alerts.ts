/** Causes of alerts of those who watch: equal ones are one alert. */

/** @param cause of the emergency */
export const emergencyCause = (cause: string): string => `emergency:${cause}`;
export const waitingCause = (agent: string): string => `waiting:${agent}`;
