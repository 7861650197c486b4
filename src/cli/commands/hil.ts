import type { Command } from 'commander';
import { hostAndPort, wholeNumber } from '../arguments.js';
import { action } from '../command.js';
import type { HilCommandOptions } from '../hil.js';

export function addHil(program: Command): void {
  program
    .command('hil')
    .description('hold a board against the emulator and the protocol: hardware-in-the-loop tests')
    .option(
      '-b, --board <kind>',
      'virtual, usb (WebUSB interface), or a kind that engram boards lists',
      'virtual',
    )
    .option('--way <name>', 'way into a board that engram starts, where it has several')
    .option('-p, --port <path>', 'board on this serial port or pseudo-terminal')
    .option('--tcp <host:port>', 'board on TCP', hostAndPort)
    .option('-t, --target <name>', 'target the virtual board stands for (default: pico)')
    .option('-s, --suite <name...>', 'only these suites')
    .option('--case <text>', 'only cases with this text in their name')
    .option('--list', 'list the suites and their cases, and run none')
    .option('--quick', 'a look that takes seconds')
    .option('--thorough', 'the numbers a release is tested with')
    .option('--seed <n>', 'seed of everything that is drawn', wholeNumber)
    .option('--networks <n>', 'generated networks', wholeNumber)
    .option('--ticks <n>', 'ticks each generated network runs', wholeNumber)
    .option('--example-ticks <n>', 'ticks each example runs; 0: all of it', wholeNumber)
    .option('--hash-every <n>', 'ticks between the state hashes compared in examples', wholeNumber)
    .option('--frames <n>', 'damaged and random frames', wholeNumber)
    .option('--mutations <n>', 'damaged images', wholeNumber)
    .option('--power-cuts <n>', 'power failures while the board saves', wholeNumber)
    .option('--soak <seconds>', 'length of the soak suite', wholeNumber)
    .option('--overwrite', 'an attached board may lose the image and the state it holds')
    .option('--junit <file>', 'write the results as JUnit XML')
    .option('--replays <folder>', 'where to write a replay file for each difference', '.')
    .option('--replay <file>', 'run the difference of a replay file again, and no suite')
    .addHelpText(
      'after',
      `
Examples:
  engram hil
  engram hil --board posix --suite lockstep --networks 500 --ticks 500
  engram hil --port /dev/ttyACM0 --quick --overwrite
  engram hil --board posix --replay replay-lockstep-1.json`,
    )
    .action(
      action<HilCommandOptions>(async (context) => {
        const { hil } = await import('../hil.js');
        await hil(context);
      }),
    );
}
