/** Agents and what they do, out of headings: Agent N, Workstream N, and tables with an agent in each row. */
import { cleanText, codesOf, itemsOf, keyLines, sectionsOf, valueOf } from './blocks.ts';
import type { Block, From, Item, Line, Section, TableRow, Used } from './blocks.ts';
import { addNotes, addTexts, agentFor, taskFor } from './draft.ts';
import type { Draft, DraftAgent, DraftDependency, DraftTask, Sourced } from './draft.ts';
import { hoursOf, isPath, refsIn, slug } from './refs.ts';

const AGENT = /^(?:sub-?)?agent[\s-]*(\d+|[A-Z])\s*[:–—-]\s*(.+)$/i;
const ROLE = /^([A-Za-z][\w -]{1,30}) agent$/i;
const WAITS = /^(depends on|dependenc(?:y|ies)|waits for|blocked by|after)$/i;
const WORKSTREAM = /^workstream\s*(\d+)\s*[:–—-]\s*(.+)$/i;

export function sourced(text: string, from: From): Sourced<string> {
  return { value: cleanText(text), from };
}

export function texts(items: readonly Item[]): Sourced<string>[] {
  return items.flatMap(({ text, from }) => (cleanText(text) === '' ? [] : [sourced(text, from)]));
}

/** "The build succeeds (`make` exits 0)" says how it is proved. */
export function provenOf(item: Item): Draft['success'] {
  const proof = /\bexits?(?: with)? 0\b/i.test(item.text) ? item.codes[0] : undefined;
  return texts([item]).map((text) => (proof === undefined ? text : { ...text, verify: proof }));
}

/** Finds agents and workstreams in a document. */
export function readPeople(root: Section, draft: Draft, used: Used): void {
  for (const section of sectionsOf(root)) {
    const title = cleanText(section.title);
    const agent = AGENT.exec(title);
    const stream = WORKSTREAM.exec(title);
    const role = ROLE.exec(title);
    if (agent) readAgent(section, agent[1]!, agent[2]!, draft, used);
    else if (stream) readWorkstream(section, stream[1]!, stream[2]!, draft, used);
    else if (role && valueOf(section, /^(role|responsibility)$/i, used)) readOverseer(section, role[1]!, draft, used);
  }
}

function readAgent(section: Section, number: string, title: string, draft: Draft, used: Used): void {
  const name = title.replace(/\s*\([^)]*\)\s*$/, '');
  const agent = agentFor(draft, `agent-${number.toLowerCase()}`, number, section.from);
  used.add(section);
  agent.name = name.slice(0, 60);
  describe(section, agent, used);
  const modules = itemsOf(section, /^(modules?|files?)$/i, used);
  used.drop(...modules.filter((item) => filesOf(item).length === 0));
  addTexts(agent.files, modules.flatMap(filesOf));
  const doesIt = hoursIn(section, used);
  const duties = itemsOf(section, /responsibilities|^tasks$/i, used);
  const outputs = itemsOf(section, /^outputs?$|^deliverables$/i, used);
  const waits = phrases(section).length > 0 || keyLines(section).some(({ key }) => WAITS.test(key!));
  if (doesIt === null && duties.length === 0 && outputs.length === 0 && !waits) return;
  const task = taskFor(draft, `${agent.id}-work`, agent.focus?.value ?? name, section.from);
  task.agent = agent.id;
  addNotes(
    task,
    duties.map(({ text, from }) => ({ value: `- ${text}`, from })),
  );
  fill(section, task, used);
}

/** What every agent may have a line for. */
function describe(section: Section, agent: DraftAgent, used: Used): void {
  const line = (key: RegExp) => {
    const found = valueOf(section, key, used);
    return found && sourced(found.value, found.from);
  };
  agent.role ??= line(/^role$/i) ?? { value: agent.name, from: section.from };
  agent.focus ??= line(/^focus$|^responsibility$/i);
  agent.priority ??= line(/^priority$/i);
  const tools = line(/^tools$/i);
  if (tools && /read-only/i.test(tools.value)) agent.readOnly = tools.from;
  for (const key of [/book split|^inputs?$/i, /^chapters?$/i]) {
    const found = line(key);
    if (found) addTexts(agent.inputs, [key.test('Chapters') ? { ...found, value: `chapters ${found.value}` } : found]);
  }
  addTexts(agent.inputs, texts(itemsOf(section, /^input files?$/i, used)));
  addTexts(agent.references, texts(itemsOf(section, /^reference files?$/i, used)));
}

function hoursIn(section: Section, used: Used): Sourced<readonly [number, number]> | null {
  const line = valueOf(section, /^(estimated )?(time|duration|effort)$|^estimate$/i, used);
  const hours = line && hoursOf(line.value);
  return line && hours ? { value: hours, from: line.from } : null;
}

/** Everything that work may say of itself: hours, priority, what it waits for, files, criteria, commands. */
export function fill(section: Section, task: DraftTask, used: Used): void {
  task.estimate ??= hoursIn(section, used);
  const priority = valueOf(section, /^priority$/i, used);
  if (priority) {
    task.priority = sourced(priority.value, priority.from);
    addNotes(task, remarkOf(priority));
  }
  for (const line of keyLines(section).filter(({ key }) => WAITS.test(key!))) {
    used.add(line);
    task.dependsOn.push(...waitsOf(line.value, line.from));
    if (NOTHING.test(line.value)) addNotes(task, remarkOf(line));
  }
  for (const line of phrases(section)) {
    used.add(line);
    task.dependsOn.push({ value: line.text, from: line.from, soft: false });
  }
  addTexts(task.deliverables, texts(itemsOf(section, /^(outputs?|deliverables)$/i, used)));
  addTexts(task.acceptance, texts(itemsOf(section, /^(success|acceptance) criteria/i, used)));
  addTexts(task.inputs, texts(itemsOf(section, /^input files?$/i, used)));
  addTexts(task.references, texts(itemsOf(section, /^reference files?$/i, used)));
  const named = [
    ...itemsOf(section, /^files (modified|created)/i, used),
    ...itemsOf(section, /^(input files?|files)$/i, used),
    ...itemsOf(section, /^(outputs?|deliverables)$/i, used),
  ];
  const changed = itemsOf(section, /^files (modified|created)/i, used).filter(saysMore);
  addNotes(
    task,
    texts(changed).map((text) => ({ ...text, value: `- ${text.value}` })),
  );
  addTexts(task.files, named.flatMap(filesOf));
  const codes = codesOf(section, /^(validation|test plan|benchmarks?)$/i, used);
  addTexts(task.validation, codes.flatMap(commandsOf));
}

const NOTHING = /^(none|nothing|-|n\/a)\b/i;

/** "None (finalize after WS2)": nothing to wait for, but an order to prefer. */
export function waitsOf(value: string, from: From): readonly DraftDependency[] {
  if (!NOTHING.test(value)) return [{ value, from, soft: false }];
  const rather = /\bafter\s+([^)]+)/i.exec(value)?.[1]?.trim();
  return rather === undefined ? [] : [{ value: rather, from, soft: true }];
}

/** "CRITICAL (blocks WS2)": the value is understood, and what stands in brackets is kept. */
function remarkOf({ key, value, from }: Line): readonly Sourced<string>[] {
  return /\(.+\)/.test(value) ? [{ value: `${key}: ${value}`, from }] : [];
}

/** A file with a word on it: `main.c` (lines 1-9). */
function saysMore({ text, codes }: Item): boolean {
  if (codes.length === 0) return !isPath(text);
  return /\w/.test(codes.reduce((rest, code) => rest.replace(code, ''), text));
}

const PHRASE =
  /^(?:it |this )?(?:(?:agent |task )?waits? for|is blocked by|blocked by|depends on|(?:starts?|runs?|begins?) after)\b/i;

/** "Waits for Agent 1.", said in a sentence of its own. */
function phrases(section: Section): readonly Line[] {
  const lines = section.blocks.flatMap((block): readonly Line[] =>
    block.kind === 'text' ? block.lines : block.kind === 'list' ? block.items : [],
  );
  return lines.filter(({ key, text }) => key === null && PHRASE.test(text) && refsIn(text).length > 0);
}

/** What stands in code, or all of a line that is nothing but a path. */
function filesOf({ codes, text, from }: Item): readonly Sourced<string>[] {
  return (codes.length > 0 ? codes : [text]).map((code) => sourced(code, from)).filter(isFile);
}

function isFile({ value }: Sourced<string>): boolean {
  return isPath(value) && !value.startsWith('/') && !value.includes('..');
}

/** Lines of a shell script as commands: comments left out, lines that go on joined. */
export function commandsOf(code: Block & { kind: 'code' }): Sourced<string>[] {
  const commands: Sourced<string>[] = [];
  let open = '';
  code.text.split('\n').forEach((line, at) => {
    const text = `${open}${line.trim()}`;
    open = '';
    if (text.endsWith('\\')) open = `${text.slice(0, -1).trim()} `;
    else if (text !== '' && !text.startsWith('#')) {
      commands.push({ value: text, from: { ...code.from, line: code.from.line + at } });
    }
  });
  return commands;
}

function readOverseer(section: Section, name: string, draft: Draft, used: Used): void {
  const agent = agentFor(draft, slug(name), null, section.from);
  used.add(section);
  agent.name = name;
  describe(section, agent, used);
  const duties = itemsOf(section, /^tasks$|responsibilities/i, used);
  addTexts(
    draft.rules,
    duties.map(({ text, from }) => ({ value: `${name}: ${text}`, from })),
  );
  addTexts(draft.success, itemsOf(section, /^success criteria/i, used).flatMap(provenOf));
}

function readWorkstream(section: Section, number: string, title: string, draft: Draft, used: Used): void {
  used.add(section);
  const task = taskFor(draft, `ws${number}`, title, section.from);
  fill(section, task, used);
  const doer = valueOf(section, /^agent$/i, used);
  const agent = agentFor(draft, slug(doer?.value ?? title), null, doer?.from ?? section.from);
  agent.role ??= { value: title, from: section.from };
  task.agent = agent.id;
  const objective = section.children.find(({ title: heading }) => /^objective$/i.test(heading));
  const text = objective?.blocks.find((block) => block.kind === 'text');
  if (!text) return;
  used.add(objective!, ...text.lines);
  agent.focus ??= { value: text.lines.map((line) => line.text).join(' '), from: text.from };
}

const AGENT_COLUMNS = {
  agents: /^agent$/i,
  focus: /^(focus|role|mission)$/i,
  issues: /^issues?$/i,
  modules: /^(modules?|files?)$/i,
  inputs: /^(book split|inputs?( files?)?)$/i,
} as const;

/** `| Agent | Focus | … | Issues | Modules |`: an agent, its issues and its modules in each row. */
export function readAgentTable(table: Block & { kind: 'table' }, draft: Draft, used: Used): void {
  const at = (name: RegExp) => table.head.findIndex((head) => name.test(head));
  const { agents, focus, issues, modules, inputs } = AGENT_COLUMNS;
  const column = { agents: at(agents), focus: at(focus), issues: at(issues), modules: at(modules), inputs: at(inputs) };
  if (column.agents === -1 || column.focus === -1 || (column.issues === -1 && column.modules === -1)) return;
  used.addColumns(table, Object.values(column));
  for (const row of table.rows) if (!readAgentRow(row, column, draft)) used.addRowLeft(row);
}

function readAgentRow(
  { cells, from }: TableRow,
  column: Readonly<Record<keyof typeof AGENT_COLUMNS, number>>,
  draft: Draft,
): boolean {
  const number = /^(?:agent[\s-]*)?(\d+|[A-Z])$/i.exec(cells[column.agents] ?? '')?.[1];
  if (number === undefined) return false;
  const agent = agentFor(draft, `agent-${number.toLowerCase()}`, number, from);
  const focus = cells[column.focus] ?? '';
  if (agent.name === agent.id) agent.name = focus;
  agent.role ??= { value: focus, from };
  const modules = (cells[column.modules] ?? '').split(/\s*,\s*/).filter(isPath);
  addTexts(agent.files, modules.map((path) => ({ value: wholePath(path, draft), from })).filter(isFile));
  const inputs = (cells[column.inputs] ?? '').split(/\s*,\s*/).filter((input) => input !== '');
  addTexts(
    agent.inputs,
    inputs.map((path) => ({ value: wholePath(path, draft), from })),
  );
  const range = /#(\d+)(?:\s*[-–]\s*#?(\d+))?/.exec(cells[column.issues] ?? '');
  if (!range) return true;
  const last = Math.min(Number(range[2] ?? range[1]), Number(range[1]) + 200);
  for (let issue = Number(range[1]); issue <= last; issue++) {
    const task = taskFor(draft, `issue-${issue}`, `Issue ${issue} (${focus})`, from);
    task.issue = issue;
    task.agent = agent.id;
    addTexts(task.files, agent.files);
  }
  return true;
}

/** A bare file name as the path that the agents or the document's tree have for it. */
function wholePath(name: string, draft: Draft): string {
  const known = [
    ...draft.agents.flatMap(({ files, inputs }) => [...files, ...inputs].map(({ value }) => value)),
    ...draft.tree,
  ];
  return known.find((path) => path === name || path.endsWith(`/${name}`)) ?? name;
}
