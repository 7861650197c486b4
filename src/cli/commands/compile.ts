import { basename, extname } from 'node:path';
import type { Command } from 'commander';
import { wholeNumber } from '../arguments.js';
import { action } from '../command.js';
import { writeWhole } from '../files.js';
import { reportText } from '../report-text.js';

interface Options {
  target: string;
  output?: string;
  cores?: number;
}

export function addCompile(program: Command): void {
  program
    .command('compile')
    .description('compile a network description (.json, .yaml, .ts, .js) into an image')
    .argument('<network>', 'description, or module that exports one')
    .option('-t, --target <name>', 'target to compile for', 'pico')
    .option('-o, --output <file>', 'image to write (default: the name of the network file with .engram)')
    .option('--cores <n>', 'spread the neurons over this many cores', wholeNumber)
    .addHelpText('after', '\nExample:\n  engram compile bandit.json --target pico -o bandit.engram')
    .action(
      action<Options>(async ({ console, args: [path], options }) => {
        const { compileFile } = await import('../compile-file.js');
        const { image, report } = await compileFile(path!, options, console);
        const output = options.output ?? `${basename(path!, extname(path!))}.engram`;
        await writeWhole(output, image);
        console.result(
          { ok: true, output, bytes: image.byteLength, report },
          `${reportText(report, 'short')}\nwrote ${output}, ${image.byteLength.toLocaleString('en')} bytes`,
        );
      }),
    );
}
