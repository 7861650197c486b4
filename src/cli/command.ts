import type { Command } from 'commander';
import { type Console, createConsole } from './console.js';

/** Makes a command's action: options merged with the global ones, a console, and an orderly stop on Ctrl-C. */
export function action<Options extends object>(
  run: (context: {
    console: Console;
    signal: AbortSignal;
    args: string[];
    options: Options;
  }) => Promise<void>,
): (this: Command) => Promise<void> {
  return async function (this: Command) {
    const options = this.optsWithGlobals<Options & { json?: boolean; quiet?: boolean }>();
    const stop = new AbortController();
    const onInterrupt = () => {
      if (stop.signal.aborted) process.exit(130);
      stop.abort();
    };
    process.on('SIGINT', onInterrupt);
    process.on('SIGTERM', onInterrupt);
    try {
      await run({
        console: createConsole({ json: options.json ?? false, quiet: options.quiet ?? false }),
        signal: stop.signal,
        args: this.args,
        options,
      });
    } finally {
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onInterrupt);
    }
  };
}
