/** What every command knows: the repository it is about, how to answer, and the place of the session's socket. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { sessionPaths, type SessionPaths } from '../adapters/paths/session.ts';
import { DaemonConnection, type ConnectionHandlers } from '../client/connection.ts';
import { LlmctlError } from '../client/error.ts';
import { RoomConnection } from '../client/room.ts';
import { noSession } from './errors.ts';
import { print, printJson } from './io.ts';
import { findRepo, type RepoPlace } from './repo.ts';
import { userName } from './user.ts';

/** Options that every command takes. */
export interface CommonOptions {
  readonly repo?: string;
  readonly json?: boolean;
  readonly yes?: boolean;
}

export class Context {
  readonly json: boolean;
  readonly yes: boolean;
  readonly cwd: string;
  /** True where a question may be asked. */
  readonly interactive: boolean;
  readonly #repoOption: string | undefined;
  #repo: RepoPlace | undefined;

  constructor(options: CommonOptions) {
    this.#repoOption = options.repo;
    this.json = options.json === true;
    this.yes = options.yes === true;
    this.cwd = process.cwd();
    this.interactive = process.stdin.isTTY === true && process.stderr.isTTY === true && !this.json;
  }

  get repo(): RepoPlace {
    this.#repo ??= sessionAround(findRepo(this.#repoOption, this.cwd));
    return this.#repo;
  }

  /** After `git init` the same folder is a repository. */
  forgetRepo(): void {
    this.#repo = undefined;
  }

  get paths(): SessionPaths {
    return sessionPaths(this.repo.root);
  }

  /**
   * Connects to the session that runs already.
   * @throws CliError with exit 3 where none does
   */
  async connect(handlers: ConnectionHandlers = {}): Promise<DaemonConnection> {
    const greeting = { kind: 'cli', readOnly: false, user: userName() } as const;
    return this.#inSession(DaemonConnection.open(this.paths.socket, greeting, handlers));
  }

  /**
   * As `connect`, with a replica of the state that follows every event.
   * @throws CliError with exit 3 where no session runs
   */
  room(readOnly: boolean): Promise<RoomConnection> {
    const greeting = { kind: 'cli', readOnly, user: userName() } as const;
    return this.#inSession(RoomConnection.open({ socket: this.paths.socket, greeting }));
  }

  #inSession<T>(opening: Promise<T>): Promise<T> {
    return opening.catch((error: unknown) => {
      if (error instanceof LlmctlError && error.code === 'no-session') throw noSession(this.repo.root);
      throw error;
    });
  }

  /** Connects, does one thing, and lets go whatever happens. */
  async withSession<T>(act: (connection: DaemonConnection) => Promise<T>): Promise<T> {
    const connection = await this.connect();
    try {
      return await act(connection);
    } finally {
      connection.close();
    }
  }

  /** The command's answer: the document with --json, else the text; an empty text prints nothing. */
  answer(document: unknown, text: string): void {
    if (this.json) printJson(document);
    else if (text !== '') print(text);
  }
}

/** A folder without git has no top level to go by: there the nearest folder above with a session counts. */
function sessionAround(place: RepoPlace): RepoPlace {
  if (place.git) return place;
  for (let at = place.root; ; at = dirname(at)) {
    if (existsSync(sessionPaths(at).socket)) return { root: at, git: false };
    if (dirname(at) === at) return place;
  }
}
