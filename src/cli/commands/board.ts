import type { Command } from 'commander';
import { wholeNumber } from '../arguments.js';
import { action } from '../command.js';

interface Options {
  target: string;
  pty?: boolean;
  tcp?: number;
}

export function addBoard(program: Command): void {
  program
    .command('board')
    .description('run a virtual board that other programs can connect to')
    .option('-t, --target <name>', 'target it stands for', 'pico')
    .option('--pty', 'offer it on a pseudo-terminal and print its path')
    .option('--tcp <port>', 'offer it on this TCP port of this machine (0: any free one)', wholeNumber)
    .addHelpText(
      'after',
      '\nExample:\n  engram board --pty &\n  engram run --task delayed-bandit --port /dev/pts/5',
    )
    .action(
      action<Options>(async ({ console, signal, options }) => {
        const { loadTarget } = await import('../../compiler/load-target.js');
        const { VirtualBoard } = await import('../../../emulator/board/virtual-board.js');
        const { id, name } = loadTarget(options.target);
        const board = new VirtualBoard({ target: { id, name } });
        const served = options.tcp === undefined ? await servePty(board) : await serveTcp(board, options.tcp);
        console.line({ ok: true, ...served.address }, served.text);
        console.say('Ctrl-C ends it; its state is lost then');
        await new Promise<void>((resolve) =>
          signal.addEventListener('abort', () => resolve(), { once: true }),
        );
        await served.close();
      }),
    );
}

type Virtual = import('../../../emulator/board/virtual-board.js').VirtualBoard;

async function servePty(board: Virtual) {
  const { servePty: serve } = await import('../../../emulator/board/serve-pty.js');
  const { path, close } = await serve(board);
  return { address: { pty: path }, text: path, close };
}

async function serveTcp(board: Virtual, wanted: number) {
  const { serveTcp: serve } = await import('../../../emulator/board/serve-tcp.js');
  const { port, close } = await serve(board, wanted);
  return { address: { tcp: `127.0.0.1:${port}` }, text: `127.0.0.1:${port}`, close };
}
