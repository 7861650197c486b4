import type { Command } from 'commander';
import { wholeNumber } from '../arguments.js';
import { action } from '../command.js';
import { writeWhole } from '../files.js';
import type { BoardOptions } from '../open-board.js';

interface Options extends BoardOptions {
  output: string;
  seed: number;
  trials: number;
}

/** What `npm start` runs: the delayed bandit with and without eligibility traces, and the report. */
export function addDemo(program: Command): void {
  program
    .command('demo')
    .description('train the delayed bandit on the virtual board, with and without traces, and write a report')
    .option('-o, --output <file>', 'report to write', 'report.html')
    .option('--seed <n>', 'seed of network and task', wholeNumber, 1)
    .option('--trials <n>', 'trials of each run', wholeNumber, 600)
    .action(
      action<Options>(async ({ console, signal, options }) => {
        const { runDemo } = await import('../demo.js');
        const { openBoard } = await import('../open-board.js');
        const { loadTarget } = await import('../../compiler/load-target.js');
        const target = loadTarget('pico');
        const open = () => openBoard({ board: 'virtual' }, target, signal);
        const { report, html, text } = await runDemo({ ...options, target, open, signal, console });
        await writeWhole(options.output, html);
        console.result(
          { ok: true, output: options.output, traced: report.traced, control: report.control },
          `\n${text}\n\nwrote ${options.output}: open it in a browser to see what a synaptic trace does`,
        );
      }),
    );
}
