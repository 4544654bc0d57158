/** Where work meets: checkpoints, integration points, prompts. */
import { cleanText, isUnder, itemsOf, keyLines, sectionsOf, valueOf } from './blocks.ts';
import type { From, Item, Section, Used } from './blocks.ts';
import { addNotes, addTexts, agentFor, gateOf } from './draft.ts';
import type { Draft, DraftGate, Sourced } from './draft.ts';
import { sourced, texts } from './people.ts';
import { dayOf, hoursOf, isPath, refsIn, slug } from './refs.ts';

const CHECKPOINT = /^(?:checkpoint|gate)\s*(\d+)\s*[:–—-]\s*(.+)$/i;
const ARROW = /^(.+?)\s*(?:→|->|=>)\s*(.+?)(?:\s*:\s*(.+))?$/;

export function readJoints(root: Section, draft: Draft, used: Used): void {
  for (const section of sectionsOf(root)) {
    const checkpoint = CHECKPOINT.exec(cleanText(section.title));
    if (checkpoint) readCheckpoint(section, checkpoint[1]!, checkpoint[2]!, draft, used);
    if (isUnder(section, /^[^\w]*integration points?$/i)) readIntegrationPoints(section, draft, used);
    readIntegration(section, draft, used);
    readPrompts(section, draft, used);
    readHandoff(section, draft, used);
  }
  // "**Checkpoint 1**: ready after 2-4 hours", where the work is told of, is said of the checkpoint.
  for (const section of sectionsOf(root)) {
    for (const line of keyLines(section)) {
      const number = /^(?:checkpoint|gate)\s*(\d+)$/i.exec(line.key!)?.[1];
      const gate = draft.gates.find(({ id }) => id === `checkpoint-${number}`);
      if (gate === undefined) continue;
      used.add(line);
      addTexts(gate.notes, [sourced(line.value, line.from)]);
    }
  }
}

/** `### Handoff to WS2` below the work that hands over. */
function readHandoff(section: Section, draft: Draft, used: Used): void {
  const taker = /^hand-?(?:off|over)s? to (.+)$/i.exec(cleanText(section.title))?.[1];
  const giver = draft.tasks.find(({ from }) => from === section.parent?.from)?.id;
  if (taker === undefined || giver === undefined) return;
  const items = section.blocks.flatMap((block) => (block.kind === 'list' ? block.items : []));
  used.add(section, ...items);
  const title = draft.tasks.find(({ id }) => id === giver)?.title ?? giver;
  const handover = addHandover(draft, giver, taker, title, null, section.from);
  if (items[0]) handover.interface = { value: items.map(({ text }) => text).join('; '), from: items[0].from };
}

export function gateFor(draft: Draft, id: string, title: string, from: From): DraftGate {
  const known = draft.gates.find((gate) => gate.id === id);
  if (known) return known;
  const gate = gateOf(id, title, from);
  draft.gates.push(gate);
  return gate;
}

function readCheckpoint(section: Section, number: string, title: string, draft: Draft, used: Used): void {
  used.add(section);
  const gate = gateFor(draft, `checkpoint-${number}`, title.replace(/\s*\([^)]*\)\s*$/, ''), section.from);
  const due = hoursOf(title);
  if (due) gate.due = { value: due, from: section.from };
  const after = valueOf(section, /^(gate|after)$/i, used);
  if (after) gate.after.push(sourced(after.value, after.from));
  const decision = valueOf(section, /^decision( point)?$/i, used);
  if (decision) {
    const goes = decision.value.replace(/\bor\b.*$/i, '');
    if (refsIn(goes).length > 0) gate.before.push(sourced(goes, decision.from));
    gate.checks.push(sourced(decision.value, decision.from));
  }
  gate.checks.push(...texts(itemsOf(section, /^(success )?criteria$/i, used)));
  const actions = texts(itemsOf(section, /^actions?$/i, used));
  const cases = keyLines(section).filter((line) => !used.has(line) && CASE.test(`${line.key}:`) && line.value !== '');
  used.add(...cases);
  const said = cases.map(({ key, value, from }) => ({ value: `${key}: ${value}`, from }));
  readActions(gate, [...actions, ...said], decision !== null);
  const validation = valueOf(section, /^validation$/i, used);
  if (validation) gate.checks.push(sourced(validation.value, validation.from));
  for (const line of [/^affected$/i, /^final$/i].map((key) => valueOf(section, key, used))) {
    if (line) gate.notes.push({ value: `${line.key}: ${line.value}`, from: line.from });
  }
}

const CASE = /^(?:if|on|when)\s+(success(?:ful)?|passed|pass|ok|failed|fail(?:ure)?|not)\s*:\s*(.*)$/i;

/** "If successful: …" and "If failed: …" say what go and no-go mean; anything else is done once it has passed. */
function readActions(gate: DraftGate, actions: readonly Sourced<string>[], decides: boolean): void {
  const pass: Sourced<string>[] = [];
  for (const action of actions) {
    const [, how, what] = CASE.exec(action.value) ?? [];
    const meant = { value: what || action.value, from: action.from };
    const fails = /^(fail|not)/i.test(how ?? '');
    if (!fails) pass.push(meant);
    if (how === undefined) continue;
    const decision = decides ? gate.checks[0] : undefined;
    if (decision === undefined) {
      if (fails) gate.notes.push(action);
    } else if (fails) decision.noGo = meant;
    else decision.go = meant;
  }
  if (pass[0]) gate.onPass = { value: pass.map(({ value }) => value).join('; '), from: pass[0].from };
}

/** "After all checkpoints pass, the coordinator integrates": below the heading of that work, with its steps. */
function readIntegration(section: Section, draft: Draft, used: Used): void {
  const name = slug(section.title.replace(/\s*phase$/i, ''));
  const task = draft.tasks.find(({ id }) => id === name);
  const line = section.blocks
    .flatMap((block) => (block.kind === 'text' ? block.lines : []))
    .find(({ text }) => /^(once|after) all (checkpoints?|gates?) (have )?pass/i.test(text));
  if (task === undefined || line === undefined) return;
  used.add(section, line);
  const before = { value: task.id, from: line.from };
  for (const gate of draft.gates) if (gate.id.startsWith('checkpoint-')) gate.before.push(before);
  const steps = section.children.flatMap(({ blocks }) => blocks).flatMap((b) => (b.kind === 'list' ? b.items : []));
  addNotes(
    task,
    steps.flatMap((step) => {
      const parts = step.children.flatMap((child) => (child.kind === 'list' ? child.items : []));
      used.add(step, ...parts);
      const said = parts.map(({ text }) => text).join('; ');
      return [{ value: `- ${step.text}${said === '' ? '' : `: ${said}`}`, from: step.from }];
    }),
  );
}

/** `Agent 1 → Agent 2: Tokenizer interface (Day 2)`, or `After Agent 1: Verify that it compiles`, or a heading with a day. */
function readIntegrationPoints(section: Section, draft: Draft, used: Used): void {
  const items = section.blocks.flatMap((block) => (block.kind === 'list' ? block.items : []));
  const heading = dayOf(section.title);
  if (heading !== null) {
    readDay(section, heading, items, draft, used);
    return;
  }
  items.forEach((item, at) => {
    const arrow = ARROW.exec(item.text);
    const after = /^(after\s+.+?|final)\s*:\s*(.+)$/i.exec(item.text);
    if (arrow?.[3] !== undefined) {
      used.add(item, section);
      addHandover(draft, arrow[1]!, arrow[2]!, arrow[3], dayOf(item.text), item.from);
    } else if (after) {
      used.add(item, section);
      const gate = gateFor(draft, `integration-${at + 1}`, after[1]!, item.from);
      gate.after.push(sourced(/^final$/i.test(after[1]!) ? 'everything' : after[1]!, item.from));
      gate.checks.push(sourced(after[2]!, item.from));
    }
  });
}

function readDay(section: Section, day: number, items: readonly Item[], draft: Draft, used: Used): void {
  const arrow = items.map(({ text }) => ARROW.exec(text)).find((found) => found !== null);
  if (!arrow) return;
  used.add(section);
  const artefact = section.title.replace(/^.*?\bday\s+\d+\s*:\s*/i, '');
  const handover = addHandover(draft, arrow[1]!, arrow[2]!, artefact, day, section.from);
  for (const item of items) {
    const path = /^module$/i.test(item.key ?? '') ? item.codes.find(isPath) : undefined;
    const isArrow = item.text === arrow.input;
    const said = /^interface$/i.test(item.key ?? '') ? item.value : item.key === null ? item.text : null;
    if (path !== undefined) handover.path = { value: path, from: item.from };
    else if (said !== null && !isArrow && handover.interface === null) handover.interface = sourced(said, item.from);
    else if (!isArrow) continue;
    used.add(item);
  }
}

function addHandover(draft: Draft, giver: string, taker: string, artefact: string, day: number | null, from: From) {
  const known = draft.handovers.find((one) => one.giver === giver && one.taker === taker && one.day === day);
  if (known) return known;
  const plain = artefact.replace(/\s*\(day \d+\)\s*$/i, '');
  const handover = {
    from,
    giver,
    taker,
    artefact: plain,
    day,
    path: null,
    interface: null,
  } as Draft['handovers'][number];
  draft.handovers.push(handover);
  return handover;
}

/** Code below a heading with "Prompt" in it, for the agent that the heading names. */
function readPrompts(section: Section, draft: Draft, used: Used): void {
  if (!/\bprompts?\b/i.test(section.title)) return;
  const code = section.blocks.find((block) => block.kind === 'code');
  if (!code) return;
  const agent = promptOwner(section.title, draft, section.from);
  if (!agent) return;
  used.add(section, code);
  agent.prompt ??= promptTemplate(code.text, code.from);
}

function promptOwner(title: string, draft: Draft, from: From) {
  const stream = /\bWS\s*(\d+)\b|\bworkstream\s*(\d+)/i.exec(title);
  const doer = stream && draft.tasks.find(({ id }) => id === `ws${stream[1] ?? stream[2]}`)?.agent;
  if (doer) return draft.agents.find(({ id }) => id === doer) ?? null;
  const number = /\bagent[\s-]*(\d+|[A-Z])\b/i.exec(title)?.[1];
  if (number !== undefined) return agentFor(draft, `agent-${number.toLowerCase()}`, number, from);
  const named = /\(([\w -]+)\)\s*$/.exec(title)?.[1];
  return named === undefined ? null : (draft.agents.find(({ id }) => id === slug(named)) ?? null);
}

const PLACEHOLDERS: readonly (readonly [RegExp, string])[] = [
  [/\[TASK[_ ]?ID\]/g, '{{task.id}}'],
  [/\[TASK([_ ]?(NAME|TITLE))?\]/g, '{{task.title}}'],
  [/\[FILES\]/g, '{{task.files}}'],
  [/\[DELIVERABLES\]/g, '{{task.deliverables}}'],
  [/\[(ACCEPTANCE[_ ]?)?CRITERIA\]/g, '{{task.acceptance}}'],
  [/\[DEPENDENCIES\]/g, '{{task.dependencies}}'],
];

function promptTemplate(text: string, from: From): Sourced<string> {
  const escaped = text.replaceAll('{{', '\\{{');
  return { value: PLACEHOLDERS.reduce((all, [mark, name]) => all.replaceAll(mark, name), escaped), from };
}
