import type { RP2040 } from 'rp2040js';
import { type Fail, hex } from './fault.js';

/** Accesses that the library lets pass, or only mentions on the console, become faults. */
export function strictBus(chip: RP2040, flashView: DataView, fail: Fail): void {
  // Flash is not written by stores: on silicon they go nowhere.
  const refuse = (at: number): never =>
    fail(`the firmware writes to flash memory at ${hex(0x10000000 + at)}`);
  flashView.setUint32 = refuse;
  flashView.setUint16 = refuse;
  flashView.setUint8 = refuse;

  // Silicon answers an access that is not aligned with a hard fault; the library looks at loads of words
  // only. Loads of halfwords are left to it: instructions are fetched by them.
  const { core } = chip;
  const misaligned = (what: string, address: number): never =>
    fail(`${what} at ${hex(address)}, which is not aligned`);
  core.writeUint32 = (address, value) => {
    if (address & 3) misaligned('a word is stored', address);
    chip.writeUint32(address, value);
  };
  core.writeUint16 = (address, value) => {
    if (address & 1) misaligned('a halfword is stored', address);
    chip.writeUint16(address, value);
  };

  const { sio } = chip;
  const [read, write] = [sio.readUint32.bind(sio), sio.writeUint32.bind(sio)];
  sio.readUint32 = (offset) => {
    if (!isSio(offset)) fail(`read of SIO register ${hex(offset, 3)}, which is not emulated`);
    return read(offset);
  };
  sio.writeUint32 = (offset, value) => {
    if (!isSio(offset)) fail(`write to SIO register ${hex(offset, 3)}, which is not emulated`);
    write(offset, value);
  };
}

/** Registers that the library has: all but the FIFO to the second processor, which is not emulated. */
function isSio(offset: number): boolean {
  return offset <= 0x17c && !(offset >= 0x50 && offset <= 0x58);
}
