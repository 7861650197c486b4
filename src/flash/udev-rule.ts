import { picobootIds } from './picoboot-command.js';

interface UsbId {
  readonly vendorId: string;
  readonly productId: string;
  readonly note: string;
}

/** File name for the rule; before 73, so that access is granted by then. */
export const udevRuleFile = '/etc/udev/rules.d/70-engram.rules';

/**
 * The rule that lets whoever sits at a Linux machine use its boards: their serial ports, their USB interfaces, and
 * boards in their bootloader.
 */
export function udevRule(targets: readonly { readonly usb: readonly UsbId[] }[]): string {
  const bootloader = {
    vendorId: hex(picobootIds.vendorId),
    productId: hex(picobootIds.productId),
    note: 'RP2040 in its bootloader',
  };
  const ids = [...targets.flatMap(({ usb }) => usb), bootloader];
  const lines = ids.flatMap(({ vendorId, productId, note }) => {
    const match = `ATTRS{idVendor}=="${bare(vendorId)}", ATTRS{idProduct}=="${bare(productId)}"`;
    return [
      `# ${note}`,
      `SUBSYSTEM=="usb", ${match}, MODE="0660", TAG+="uaccess"`,
      `SUBSYSTEM=="tty", ${match}, MODE="0660", TAG+="uaccess"`,
    ];
  });
  return `${lines.join('\n')}\n`;
}

function hex(id: number): string {
  return `0x${id.toString(16).padStart(4, '0')}`;
}

function bare(id: string): string {
  return id.replace(/^0x/i, '').toLowerCase();
}
