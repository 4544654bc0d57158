/** What came of looking for the landing that broke a check, in words. */
import type { Inquiry } from '../model/health.ts';

export function inquiryWords(name: string, { verdict, commit, blame, reason }: Inquiry): string {
  const at = commit.slice(0, 12);
  const why = reason === '' ? '' : `: ${reason}`;
  switch (verdict) {
    case 'green':
      return `${name} is green on ${at}: nobody broke it`;
    case 'landing': {
      const landing = `the landing ${blame?.landing ?? ''} of ${blame?.agent ?? ''}`;
      const together = blame?.partner ? `, together with landing ${blame.partner},` : '';
      return `${landing}${together} broke ${name}${why}`;
    }
    case 'hand':
      return `${name} was broken by ${at}, a commit made by hand${why}`;
    case 'flaky':
      return `${name} passes and fails on one commit, ${at}: nobody is to blame${why}`;
    case 'before':
      return `${name} fails on ${at}, before anything landed: nobody's landing broke it${why}`;
    default:
      return verdict satisfies never;
  }
}
