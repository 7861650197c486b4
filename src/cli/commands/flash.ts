import { type Command, Option } from 'commander';
import { action } from '../command.js';
import type { FlashOptions } from '../flash.js';

export function addFlash(program: Command): void {
  program
    .command('flash')
    .description('put firmware and an image onto a board')
    .argument(
      '[image]',
      'image (.engram), or a network description that is compiled first; default: firmware alone',
    )
    .option('-t, --target <name>', 'target the board is', 'pico')
    .option('-p, --port <path>', 'board on this serial port (default: the only one attached)')
    .option('-b, --board <kind>', 'a board that engram starts itself, instead of an attached one')
    .option('--firmware <file>', 'firmware to flash, UF2 or ELF (default: the one shipped)')
    .option('-o, --out <file>', 'write what would be flashed into this file, and flash nothing')
    .addOption(
      new Option('--method <way>', 'way into flash').choices(['auto', 'drive', 'picoboot']).default('auto'),
    )
    .option('--image-only', 'leave the firmware as it is')
    .option('--firmware-only', 'flash no image')
    .option('--print-udev', 'print the rule that lets users of a Linux machine reach its boards')
    .addHelpText(
      'after',
      `
Examples:
  engram flash
  engram flash bandit.json
  engram flash bandit.engram --image-only --port /dev/ttyACM0
  engram flash bandit.engram --out bandit.uf2`,
    )
    .action(
      action<FlashOptions & { printUdev?: boolean }>(async (context) => {
        if (context.options.printUdev) {
          const { listTargets } = await import('../../compiler/load-target.js');
          const { udevRule, udevRuleFile } = await import('../../flash/udev-rule.js');
          const rule = udevRule(listTargets());
          context.console.result({ ok: true, file: udevRuleFile, rule }, rule.trimEnd());
          context.console.say(
            `\nsudo sh -c 'engram flash --print-udev -q > ${udevRuleFile}' && sudo udevadm control --reload && sudo udevadm trigger`,
          );
          return;
        }
        const { flash } = await import('../flash.js');
        await flash(context);
      }),
    );
}
