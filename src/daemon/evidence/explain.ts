/** Why an agent is shown as it is: every word, and what made one of them count. */
import type { EvidenceReply } from '../../protocol/messages.ts';
import { SOURCES, type Word } from '../../core/agents/board.ts';
import type { EvidenceKeeper } from './keeper.ts';
import type { ProfileRules } from './rules.ts';

/** @param off rules of its profile that are switched off, in words */
export function explain(
  keeper: EvidenceKeeper,
  { name, channels }: ProfileRules,
  off: readonly string[],
  agent: string,
): EvidenceReply {
  const { standing, now } = keeper.standing(agent);
  const { verdict, settled } = standing;
  const one = (word: Word, counts: boolean, why: string): EvidenceReply['words'][number] => {
    const { source, state, waitingFor, text, rule, matched } = word;
    const ageMs = Math.round(now - word.since);
    return {
      source,
      rank: SOURCES.indexOf(source) + 1,
      state,
      waitingFor,
      text,
      rule,
      matched,
      ageMs,
      heardMs: Math.round(now - word.heardAt),
      counts,
      why,
    };
  };
  const { word, others } = verdict;
  const best = word === null ? [] : [one(word, true, whyItCounts(word, others.length))];
  const coming = settled.coming === null ? null : settled.coming.word.state;
  const words = [...best, ...others.map((other) => one(other.word, false, other.why))];
  const silent = channels.filter((source) => standing.board.words[source] === undefined);
  return { profile: name, words, silent, off, coming };
}

function whyItCounts(word: Word, others: number): string {
  if (word.sure) return 'it can be seen now, whatever was said before';
  return others === 0 ? 'nothing else is known' : 'the best source that nothing newer contradicts';
}
