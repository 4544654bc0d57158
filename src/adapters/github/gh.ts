/**
 * GitHub through `gh api` (cli.github.com/manual/gh_api): its login, argv only, bodies on standard input. Endpoints as in
 * docs.github.com/rest/issues.
 */
import { spawn } from 'node:child_process';
import type { GithubIssue, GithubMilestone, GithubStep, OnGithub } from '../../core/github/steps.ts';
import { oneLine } from '../../core/text.ts';

const PAGE = 100;
/** Of one kind; a repository with more is none that a plan is kept in. */
const MOST = 20_000;
const TIMEOUT_MS = 60_000;
/** What gh exits with where nobody is logged in. */
const NO_LOGIN = 4;

export class GithubError extends Error {
  override readonly name = 'GithubError';
  /** What is asked for makes no sense, on whatever GitHub. */
  readonly nonsense: boolean;

  constructor(message: string, nonsense = false) {
    super(message);
    this.nonsense = nonsense;
  }
}

type Json = Readonly<Record<string, unknown>>;

export class Github {
  readonly #cwd: string;
  readonly #repo: string;

  private constructor(cwd: string, repo: string) {
    this.#cwd = cwd;
    this.#repo = repo;
  }

  /** owner/name */
  get repo(): string {
    return this.#repo;
  }

  /**
   * @param repo owner/name; null: that of the remote of the repository in `cwd`
   * @throws GithubError in one line: gh is missing or not logged in, or there is no such repository
   */
  static async open(cwd: string, repo: string | null): Promise<Github> {
    if (repo !== null && !/^[\w.-]+\/[\w.-]+$/.test(repo)) {
      throw new GithubError(`"${oneLine(repo, 140)}" is no repository of GitHub's: write owner/name`, true);
    }
    const named = repo === null ? [] : ['--', repo];
    const said = await gh(cwd, ['repo', 'view', '--json', 'nameWithOwner', ...named], null);
    const name = record(parsed(said))['nameWithOwner'];
    if (typeof name !== 'string' || !name.includes('/')) throw new GithubError('gh names no repository here');
    return new Github(cwd, name);
  }

  async look(): Promise<OnGithub> {
    const [labels, milestones, issues] = await Promise.all([
      this.#all('labels?'),
      this.#all('milestones?state=all&'),
      this.#all('issues?state=all&'),
    ]);
    return {
      labels: labels.map(({ name }) => text(name)),
      milestones: milestones.map(milestoneOf),
      // Pull requests are issues to this API.
      issues: issues.filter((issue) => !issue['pull_request']).map(issueOf),
    };
  }

  /**
   * @param milestones ids of the plan's → numbers; what is made is added
   * @returns where it is now; '' where there is no page for it
   */
  async carryOut(step: GithubStep, milestones: Map<string, number>): Promise<string> {
    switch (step.do) {
      case 'create-label': {
        const { name, color, description } = step.label;
        const given = { name, ...(color === null ? {} : { color }), ...(description === null ? {} : { description }) };
        await this.#send('POST', 'labels', given);
        return '';
      }
      case 'create-milestone': {
        const { id, title, description } = step.milestone;
        const made = await this.#send('POST', 'milestones', { title, description });
        milestones.set(id, number(made['number']));
        return text(made['html_url']);
      }
      case 'create-issue': {
        const { title, body, labels, milestone } = step.issue;
        const made = await this.#send('POST', 'issues', { title, body, labels, ...within(milestone, milestones) });
        return text(made['html_url']);
      }
      case 'update-issue': {
        const { number: at, labels, milestone } = step;
        // Adds to those that it has.
        if (labels.length > 0) await this.#send('POST', `issues/${at}/labels`, { labels });
        if (milestone !== null) await this.#send('PATCH', `issues/${at}`, within(milestone, milestones));
        return '';
      }
      case 'miss-issue':
        return '';
    }
  }

  async #all(path: string): Promise<readonly Json[]> {
    const all: Json[] = [];
    for (let page = 1; all.length < MOST; page++) {
      const said = await gh(this.#cwd, ['api', `repos/${this.#repo}/${path}per_page=${PAGE}&page=${page}`], null);
      const some = parsed(said);
      if (!Array.isArray(some)) throw new GithubError(`gh says nothing that can be read of ${this.#repo}`);
      all.push(...some.map(record));
      if (some.length < PAGE) break;
    }
    return all;
  }

  async #send(method: 'POST' | 'PATCH', path: string, body: object): Promise<Json> {
    const args = ['api', '--method', method, `repos/${this.#repo}/${path}`, '--input', '-'];
    return record(parsed(await gh(this.#cwd, args, JSON.stringify(body))));
  }
}

function within(id: string | null, milestones: ReadonlyMap<string, number>): object {
  const at = id === null ? undefined : milestones.get(id);
  return at === undefined ? {} : { milestone: at };
}

function issueOf(issue: Json): GithubIssue {
  const labels = Array.isArray(issue['labels']) ? issue['labels'] : [];
  const milestone = issue['milestone'] === null ? null : number(record(issue['milestone'])['number']);
  return {
    number: number(issue['number']),
    title: text(issue['title']),
    body: text(issue['body']),
    labels: labels.map((label) => (typeof label === 'string' ? label : text(record(label)['name']))),
    milestone,
  };
}

function milestoneOf(milestone: Json): GithubMilestone {
  const { number: at, title, description } = milestone;
  return { number: number(at), title: text(title), description: text(description) };
}

/** @throws GithubError in one line that says what to do */
function gh(cwd: string, args: readonly string[], input: string | null): Promise<string> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', NO_COLOR: '1' };
    const child = spawn('gh', args, { cwd, env, stdio: 'pipe' });
    // spawn's own timer would go on for its whole time where there is no such program.
    const timer = setTimeout(() => child.kill('SIGKILL'), TIMEOUT_MS);
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input ?? '');
    child.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      reject(new GithubError(whyNoGh(error)));
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      if (code === 0) resolve(Buffer.concat(out).toString('utf8'));
      else reject(new GithubError(whyNot(code, Buffer.concat(err).toString('utf8'))));
    });
  });
}

function whyNoGh({ code, message }: NodeJS.ErrnoException): string {
  return code === 'ENOENT'
    ? 'gh is not on the PATH: install the GitHub CLI from https://cli.github.com, then `gh auth login`'
    : `gh can't be started: ${message}`;
}

function whyNot(code: number | null, stderr: string): string {
  if (code === NO_LOGIN || /gh auth login|HTTP 401/.test(stderr)) return 'gh is not logged in: run `gh auth login`';
  if (code === null) return `gh has not answered for ${TIMEOUT_MS / 1000} s`;
  const line = stderr.split('\n').find((one) => one.trim() !== '') ?? `ended with status ${code}`;
  return `gh: ${oneLine(line.replace(/^gh: /, ''), 300)}`;
}

function parsed(said: string): unknown {
  try {
    return JSON.parse(said);
  } catch {
    throw new GithubError('gh says nothing that can be read: is `gh` the GitHub CLI?');
  }
}

function record(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
