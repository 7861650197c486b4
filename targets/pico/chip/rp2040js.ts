import type { Peripheral, RP2040 } from 'rp2040js';

/** Types of rp2040js that its entry point does not name. */
export type CortexM0Core = RP2040['core'];
export type IClock = RP2040['clock'];
export type IAlarm = ReturnType<IClock['createAlarm']>;
export type { Peripheral };

/** Parts of the emulated chip that this stand-in replaces; the library declares them read-only. */
export interface Replaceable {
  flash: Uint8Array;
  flash16: Uint16Array;
  flashView: DataView;
  usbCtrl: { DPRAMUpdated(offset: number, value: number): void };
}

export function replaceable(chip: RP2040): Replaceable {
  return chip as unknown as Replaceable;
}

/** Numbers of the interrupt lines. */
export const irq = { timer0: 0, usb: 5 } as const;

/** Where a peripheral stands in the library's table. */
export function slotOf(address: number): number {
  return (address >>> 14) << 2;
}
