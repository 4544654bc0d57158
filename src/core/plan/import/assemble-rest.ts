/** The parts of the plan around the work. */
import type { Draft, DraftSection, DraftStep, Sourced } from './draft.ts';
import { list, map, sourcedValue, textList, value } from './out.ts';
import type { Out } from './out.ts';
import { slug } from './refs.ts';
import type { Resolver } from './resolve.ts';

export function assembleRest(draft: Draft, resolver: Resolver): Readonly<Record<string, Out | null>> {
  return {
    syncPoints: list(
      draft.syncPoints.map(({ title, from, at, digest }) =>
        map({
          title: value(title, from, 200),
          at: at === null ? null : value(at, from),
          digest: digest === '' ? null : list([value(digest, from)]),
        }),
      ),
    ),
    checklists: list(
      named(draft.checklists).map(({ id, entry }) =>
        map({
          id: value(id, entry.from),
          title: value(entry.title, entry.from, 200),
          when: value(entry.when, entry.from),
          items: textList(entry.items),
        }),
      ),
    ),
    emergencies: list(
      draft.emergencies.map(({ title, from, when, after, items }) =>
        map({
          when: value(when, from),
          after: after === null ? null : value(after, items[0]?.from ?? from),
          title: value(title, from, 200),
          steps: list(items.map((item) => stepOut(item, resolver))),
        }),
      ),
    ),
    commits: commitsOut(draft),
    github: githubOut(draft),
    risks: list(
      draft.risks.map(({ title, from, impact, items }) =>
        map({
          title: value(title, from, 300),
          impact: impact && impactOut(impact),
          why: impact && whyOut(impact),
          mitigation: textList(items),
        }),
      ),
    ),
    launch: list(draft.launch.map((entry) => launchOut(entry, draft, resolver))),
    rules: textList(draft.rules),
    success: list(
      draft.success.map((one) =>
        one.verify === undefined
          ? sourcedValue(one)
          : map({ text: sourcedValue(one), verify: value(one.verify, one.from, 10_000) }),
      ),
    ),
    todos: textList(draft.todos),
  };
}

/** A step that names nothing to start is about the work that its title names, and says what belongs to that. */
function launchOut({ title, from, items, after }: Draft['launch'][number], draft: Draft, resolver: Resolver): Out {
  const found = items.map((item) => ({ item, targets: resolver.targets(item.value, item.from) }));
  const starts = found.flatMap(({ item, targets }) => targets.map(({ target }) => value(target, item.from)));
  const words = title.replace(/^.*?:\s*/, '').replace(/\s*\([^)]*\)$/, '');
  const meant = draft.tasks.filter(({ id }) => starts.length === 0 && id === slug(words));
  const ids = after === null ? [] : resolver.targets(after.value, after.from).filter(({ kind }) => kind === 'task');
  const notes = found.filter(({ targets }) => targets.length === 0).map(({ item }) => item);
  return map({
    title: value(title, from, 200),
    start: list([...starts, ...meant.map(({ id }) => value(id, from))]),
    after: list(ids.map(({ target }) => value(target, after!.from))),
    notes: notes[0] ? value(notes.map((note) => note.value).join('\n'), notes[0].from, 10_000) : null,
  });
}

function named<T extends DraftSection>(entries: readonly T[]): readonly { readonly id: string; readonly entry: T }[] {
  const seen = new Map<string, number>();
  return entries.map((entry) => {
    const base = slug(entry.title);
    const count = (seen.get(base) ?? 0) + 1;
    seen.set(base, count);
    return { id: count === 1 ? base : `${base}-${count}`, entry };
  });
}

const STEPS: readonly (readonly [RegExp, string])[] = [
  [/roll ?back|revert|undo/i, 'rollback'],
  [/reassign|back to agent|investigates/i, 'reassign'],
  [/identify which|whose|blame/i, 'blame'],
  [/report|status/i, 'ask-status'],
  [/collect/i, 'collect-output'],
  [/pause/i, 'pause'],
  [/resume/i, 'resume'],
  [/retest|retry|run again/i, 'retry'],
  [/merge|fix|analy[sz]e|determine|root cause/i, 'ask-person'],
];

function stepOut({ value: text, from, only }: DraftStep, resolver: Resolver): Out {
  const what = STEPS.find(([pattern]) => pattern.test(text))?.[1] ?? 'notify';
  const to = what === 'reassign' ? resolver.agent(text) : null;
  return map({
    do: value(what, from),
    to: to === null ? null : value(to, from),
    if: only === null ? null : value(only, from, 200),
    text: value(text, from),
  });
}

function impactOut({ value: impact, from }: Sourced<string>): Out | null {
  const word = /\b(low|medium|high|critical)\b/i.exec(impact)?.[1]?.toLowerCase();
  return word === undefined ? null : value(word, from);
}

/** "HIGH (blocks WS2)": what stands in brackets; all of it where no word of a scale is in it. */
function whyOut({ value: impact, from }: Sourced<string>): Out | null {
  const why = /\b(low|medium|high|critical)\b/i.test(impact) ? /\((.+)\)/.exec(impact)?.[1] : impact;
  return why === undefined || why === '' ? null : value(why, from);
}

function commitsOut(draft: Draft): Out | null {
  if (draft.commitTemplate === null && draft.commitExamples.length === 0) return null;
  const conventional = draft.commitExamples.some(({ value: text }) => /^[a-z]+(\([^)]*\))?!?: /.test(text));
  return map({
    style: conventional ? value('conventional', draft.commitExamples[0]!.from) : null,
    template: sourcedValue(draft.commitTemplate, 10_000),
    examples: textList(draft.commitExamples),
  });
}

function githubOut(draft: Draft): Out | null {
  if (draft.labels.length === 0 && draft.issueTemplates.length === 0) return null;
  return map({
    labels: list(draft.labels.map((label) => map({ name: sourcedValue(label, 50) }))),
    issueTemplates: list(
      named(draft.issueTemplates).map(({ id, entry }) =>
        map({
          id: value(id, entry.from),
          title: value(entry.title, entry.from, 200),
          body: sourcedValue(entry.body, 50_000),
        }),
      ),
    ),
  });
}
