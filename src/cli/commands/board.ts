import type { Command } from 'commander';
import { wholeNumber } from '../arguments.js';
import { action } from '../command.js';
import type { ServeOptions } from '../serve-board.js';

export function addBoard(program: Command): void {
  program
    .command('board')
    .description('run a board that other programs can connect to')
    .option('-b, --board <kind>', 'virtual, or a kind that engram boards lists', 'virtual')
    .option('-t, --target <name>', 'target the virtual board stands for', 'pico')
    .option('--pty', 'offer it on a pseudo-terminal and print its path')
    .option('--tcp <port>', 'offer it on this TCP port of this machine (0: any free one)', wholeNumber)
    .addHelpText(
      'after',
      `
Examples:
  engram board --pty &
  engram run --task delayed-bandit --port /dev/pts/5
  engram board --board pico-emulated --tcp 0`,
    )
    .action(
      action<ServeOptions>(async (context) => {
        const { serveBoard } = await import('../serve-board.js');
        await serveBoard(context);
      }),
    );
}
