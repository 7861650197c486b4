import type { Command } from 'commander';
import { atLeastOne, hostAndPort, keyValue, wholeNumber } from '../arguments.js';
import { action } from '../command.js';
import type { RunOptions } from '../run-options.js';

export function addRun(program: Command): void {
  program
    .command('run')
    .description('run a task, or recorded spikes and rewards, on a board')
    .argument('[network]', 'description, module or image (.engram); default: the network of the task')
    .option('--task <name>', 'built-in task, or a module that exports one')
    .option('--set <name=value>', 'option of the task; may be given several times', keyValue)
    .option('--list-options', 'show the options of the task')
    .option('--spikes <file>', 'recorded input spikes: CSV tick,neuron or JSON lines')
    .option('--rewards <file>', 'recorded rewards: CSV tick,value or tick,modulator,value, or JSON lines')
    .option('--ticks <n>', 'ticks to run with recordings (default: 100 past the last event)', wholeNumber)
    .option('-o, --output <file>', 'write the output spikes: .csv or .jsonl')
    .option('--weights <file>', 'write the weights of all projections afterwards (JSON)')
    .option('--report <file>', 'write what the task has learnt as a page (HTML)')
    .option(
      '-b, --board <kind>',
      'virtual, usb (WebUSB interface), or a kind that engram boards lists',
      'virtual',
    )
    .option('-p, --port <path>', 'board on this serial port or pseudo-terminal')
    .option('--tcp <host:port>', 'board on TCP', hostAndPort)
    .option('-t, --target <name>', 'target to compile for (default: that of --board, else pico)')
    .option('--cores <n>', 'spread the neurons over this many cores', wholeNumber)
    .option('--threads <n>', 'spread the cores over this many threads (virtual board)', atLeastOne)
    .option('--block-size <n>', 'trials per point of the learning curve', wholeNumber, 50)
    .addHelpText(
      'after',
      `
Examples:
  engram run --task delayed-bandit --report report.html
  engram run --task delayed-bandit --set trials=200 --set delayMax=5000 --port /dev/ttyACM0
  engram run net.json --spikes in.csv --rewards rewards.csv --ticks 5000 -o out.csv`,
    )
    .action(
      action<RunOptions>(async (context) => {
        const { run } = await import('../run.js');
        await run(context);
      }),
    );
}
