/** What a thread beside the calling one has to run in every tick: the cores whose records stand at `list`. */
export interface Share {
  readonly list: number;
  readonly count: number;
  /** Address of the thread's record. */
  readonly thread: number;
}

/** The kernels of a board, and what each helping thread runs of them. */
export interface TeamWork {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly shares: readonly Share[];
}

/** Threads that run their shares of a tick beside the calling one. */
export interface Team {
  /** Begins a tick on all threads. */
  begin(): void;
  /** Waits for all of them. Throws if one has failed. */
  end(): void;
  /** Ends the threads. */
  close(): void;
}

/** Brings a team together: so many threads, the calling one among them. */
export interface TeamMaker {
  readonly threads: number;
  make(work: TeamWork): Team;
}
