import { styleText } from 'node:util';

/** Where a command's words go: data to stdout, talk to stderr. */
export interface Console {
  readonly json: boolean;
  readonly quiet: boolean;
  /** True where stderr is a terminal that takes colour. */
  readonly color: boolean;
  /** Data for the user: text, or with `--json` one object. */
  result(data: unknown, text: string): void;
  /** One line of data in a stream (`--json`: NDJSON). */
  line(data: unknown, text: string): void;
  /** Talk on stderr; nothing with `--quiet`. */
  say(text: string): void;
  /** Progress of something that takes over a second: 0 … 1. */
  progress(label: string): Progress;
}

export interface Progress {
  update(done: number, note?: string): void;
  /** Ends the line; call it in any case. */
  end(note?: string): void;
}

export function createConsole(options: { json: boolean; quiet: boolean }): Console {
  const color = styleText('red', 'x', { stream: process.stderr, validateStream: true }) !== 'x';
  const say = (text: string) => {
    if (!options.quiet) process.stderr.write(`${text}\n`);
  };
  const line = (data: unknown, text: string) => {
    process.stdout.write(`${options.json ? JSON.stringify(data) : text}\n`);
  };
  return {
    ...options,
    color,
    result: line,
    line,
    say,
    progress: (label) => {
      if (options.quiet) return { update() {}, end() {} };
      return process.stderr.isTTY ? terminalProgress(label) : logProgress(label);
    },
  };
}

/** One line that is written over. */
function terminalProgress(label: string): Progress {
  let last = 0;
  const write = (text: string) => process.stderr.write(`\r\x1b[2K${text}`);
  return {
    update(done, note = '') {
      if (Date.now() - last < 80) return;
      last = Date.now();
      const bar = '━'.repeat(Math.round(done * 24)).padEnd(24, '─');
      write(`${label} ${bar} ${String(Math.floor(done * 100)).padStart(3)} % ${note}`);
    },
    end(note = '') {
      write(`${label} ${note}\n`);
    },
  };
}

/** One line per 10 %, for logs. */
function logProgress(label: string): Progress {
  let shown = 0;
  return {
    update(done, note = '') {
      const tenth = Math.floor(done * 10);
      if (tenth <= shown) return;
      shown = tenth;
      process.stderr.write(`${label} ${tenth * 10} % ${note}\n`);
    },
    end(note = '') {
      process.stderr.write(`${label} ${note}\n`);
    },
  };
}
