import { EngramError } from '../errors/engram-error.js';

interface UnflashableTarget {
  readonly name: string;
  readonly flash: { readonly method: 'uf2' | 'dfu' | 'none' };
}

/** Where the chips that take DFU begin to run: the flash memory of the STM32F4. */
export const dfuAddress = 0x08000000;

/** The command that flashes a raw binary, at the start of flash, and starts it. */
export function dfuCommand(file: string): string {
  return `dfu-util -a 0 -s 0x${dfuAddress.toString(16).padStart(8, '0')}:leave -D ${file}`;
}

/** What to say of a target whose firmware engram does not flash itself; `file` is its raw binary, if there is one. */
export function cannotFlash({ name, flash }: UnflashableTarget, file: string | null): EngramError {
  if (flash.method !== 'dfu')
    return new EngramError('E1106', `the target ${name} has no firmware to flash`, {
      fix: [
        `an image goes to a running board: engram flash <image> --target ${name} --port PATH --image-only`,
      ],
      context: { target: name },
    });
  const binary = file ?? `engram-${name}.bin`;
  const command = dfuCommand(binary);
  const write = `engram flash --target ${name} --out ${binary}`;
  return new EngramError('E1106', `engram does not flash a ${name} itself; dfu-util does`, {
    fix: [
      `start the board in its DFU bootloader (BOOT0 high) and run: ${file ? '' : `${write} && `}${command}`,
      `send an image to a board that runs: engram flash <image> --target ${name} --port PATH`,
    ],
    context: { target: name, command },
  });
}
