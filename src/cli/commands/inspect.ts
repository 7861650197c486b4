import type { Command } from 'commander';
import type { CompileReport } from '../../compiler/report.js';
import { wholeNumber } from '../arguments.js';
import { action } from '../command.js';
import { readBytes } from '../files.js';
import { reportText } from '../report-text.js';

interface Options {
  target: string;
  cores?: number;
}

export function addInspect(program: Command): void {
  program
    .command('inspect')
    .description('show what an image holds, or what a network would take on a target')
    .argument('<file>', 'image (.engram) or network description')
    .option('-t, --target <name>', 'target, for a network description', 'pico')
    .option('--cores <n>', 'spread the neurons over this many cores', wholeNumber)
    .addHelpText(
      'after',
      '\nExamples:\n  engram inspect bandit.engram\n  engram inspect bandit.json --target manycore --json',
    )
    .action(
      action<Options>(async ({ console, args: [path], options }) => {
        if (!path!.endsWith('.engram')) {
          const { compileFile } = await import('../compile-file.js');
          const { report } = await compileFile(path!, options, console);
          return console.result({ ok: true, report }, reportText(report, 'full'));
        }
        const { describeImage, imageText } = await import('../image-text.js');
        const description = describeImage(await readBytes(path!));
        const report = description.report as CompileReport | undefined;
        console.result(
          { ok: true, image: description },
          `${imageText(description)}${report ? `\n\n${reportText(report, 'full')}` : ''}`,
        );
      }),
    );
}
