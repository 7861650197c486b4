import type { Command } from 'commander';
import { action } from '../command.js';

export function addBoards(program: Command): void {
  program
    .command('boards')
    .description('list the boards of this machine, and those that engram starts itself')
    .option('-a, --all', 'also ports that no target claims')
    .action(
      action<{ all?: boolean }>(async ({ console, options }) => {
        const { attachedBoards, startableBoards, boardsText } = await import('../boards.js');
        const { shown, ports } = await attachedBoards(options.all ?? false);
        if (shown.length === 0)
          console.say(
            ports === 0 ? 'no serial ports here' : `no known board among ${ports} ports; see them with --all`,
          );
        const kinds = await startableBoards();
        console.result({ ok: true, boards: shown, kinds }, boardsText(shown, kinds));
      }),
    );
}
