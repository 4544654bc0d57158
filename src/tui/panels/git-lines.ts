import type { GitChange, RepoGit } from '../../core/model/state.ts';
import { showControls } from '../../core/text.ts';
import type { AgentView } from '../presentation/agent.ts';
import { type Look, span } from '../presentation/look.ts';
import type { Token } from '../theme/tokens.ts';
import { type Line, type Span, pad, spread } from '../widgets/line.ts';

/** `main ↑2 ↓0 ±3` */
export function branchSpans(git: RepoGit, look: Look): Span[] {
  return [
    span(look, showControls(git.branch) || 'no branch', 'accent'),
    ...aheadSpans(git.ahead, git.behind, look),
    git.changed.length > 0 ? span(look, ` ±${git.changed.length}`, 'warn') : span(look, ' clean', 'ok'),
  ];
}

export function aheadSpans(ahead: number, behind: number, look: Look): Span[] {
  const up = ahead > 0 ? [span(look, ` ↑${ahead}`, 'ok')] : [];
  return behind > 0 ? [...up, span(look, ` ↓${behind}`, 'warn')] : up;
}

/** Branch first, then the changed files. */
export function repoLines(git: RepoGit, look: Look): Line[] {
  return [branchSpans(git, look), ...git.changed.map((change) => changeLine(change, look))];
}

export function changeLine(change: GitChange, look: Look): Line {
  return [
    span(look, `${pad(showControls(change.code), 2)} `, codeToken(change.code)),
    span(look, showControls(change.path)),
  ];
}

/** `git status --porcelain`: two letters, index and worktree. */
function codeToken(code: string): Token {
  if (code.includes('U') || code === 'AA' || code === 'DD') return 'error';
  if (code.includes('?')) return 'muted';
  return code.startsWith(' ') ? 'warn' : 'ok';
}

/** One line for each agent with a worktree of its own. */
export function worktreeLines(views: readonly AgentView[], width: number, look: Look): Line[] {
  return views
    .filter((view) => view.branch !== '')
    .map((view) => {
      // Branches are named after their agents, as a rule: then the branch says both.
      const name = view.branch.endsWith(`/${view.name}`) ? [] : [span(look, `${view.name} `, 'text')];
      const left: Line = [...name, span(look, view.branch, 'accent')];
      const changed = view.changed ? span(look, ` ±${view.changed}`, 'warn') : span(look, ' clean', 'faint');
      return spread(left, [...aheadSpans(view.ahead, view.behind, look), changed], width);
    });
}
