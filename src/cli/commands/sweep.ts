import type { Command } from 'commander';
import { listed, wholeNumber } from '../arguments.js';
import { action } from '../command.js';
import type { SweepOptions } from '../sweep.js';

export function addSweep(program: Command): void {
  program
    .command('sweep')
    .description(
      'run many seeds and parameter sets of one network or task, on all processors; can be resumed',
    )
    .argument('[network]', 'description or module; default: the network of the task')
    .requiredOption('-o, --out <file>', 'results to write: .csv, .json or .jsonl; the journal lies beside it')
    .option('--task <name>', 'built-in task, or a module that exports one')
    .option('--seeds <list>', 'seeds of network and task: 1..20 or 1,2,5')
    .option(
      '--set <name=values>',
      'values of a task option, or of a field by its path: name=a,b,c; may be given several times',
      listed,
    )
    .option('--points <file>', 'parameter sets, one a line: CSV, JSON or JSON lines')
    .option('--spikes <file>', 'recorded input spikes: CSV tick,neuron or JSON lines')
    .option('--rewards <file>', 'recorded rewards: CSV tick,value or tick,modulator,value, or JSON lines')
    .option(
      '--ticks <n>',
      'ticks to run without a task (default: 100 past the last recorded event)',
      wholeNumber,
    )
    .option('-t, --target <name>', 'target to compile for', 'pico')
    .option('--cores <n>', 'spread the neurons over this many cores', wholeNumber)
    .option('--block-size <n>', 'trials per point of the learning curve', wholeNumber, 50)
    .option('-j, --jobs <n>', 'points run at the same time (default: one for each processor)', wholeNumber)
    .option('--fresh', 'throw away what an earlier sweep left, and start anew')
    .addHelpText(
      'after',
      `
Examples:
  engram sweep --task delayed-bandit --seeds 1..20 --set delayMax=2000,5000 -o delays.csv
  engram sweep --task delayed-bandit --seeds 1..5 --set projections.context-action.plasticity.rate=2e-7,4e-7 -o rates.json
  engram sweep net.json --ticks 10000 --seeds 1..100 --set populations.e.noise=0.01,0.02 -o rates.csv`,
    )
    .action(
      action<SweepOptions>(async (context) => {
        const { sweep } = await import('../sweep.js');
        await sweep(context);
      }),
    );
}
