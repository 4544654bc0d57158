import { markedCheck, markedFailure } from '../app/marked-health.ts';
import type { Reason } from './reasons.ts';

export const aFailure: Reason = (facts) => (markedFailure(facts) ? null : 'nothing has failed');

export const runsNot: Reason = (facts) => {
  const check = markedCheck(facts);
  return check?.state === 'running' ? `${check.name} runs already` : null;
};

export const aFailureFile: Reason = (facts) => {
  if (!facts.tools.editor) return 'no editor can be started beside a session on another machine';
  return markedFailure(facts)?.files.length ? null : 'it names no file';
};
