import { EngramError } from '../errors/engram-error.js';
import { dfuAddress } from './dfu-command.js';
import { binaryOf, type Firmware } from './firmware-file.js';
import { pagesOf, wholeSectors } from './flash-pages.js';
import { checkFirmware, imagePieces } from './pico-flash.js';
import { writeUf2 } from './uf2.js';

/** A UF2 file with firmware, image or both, for a Pico's drive. Throws E1102, E0401. */
export function uf2File(
  firmware: Firmware | null,
  image: Uint8Array | null,
  familyId: number,
): Uint8Array<ArrayBuffer> {
  if (firmware) checkFirmware(firmware.pieces);
  const pieces = [...(firmware?.pieces ?? []), ...(image ? imagePieces(image) : [])];
  return writeUf2(wholeSectors(pagesOf(pieces)), familyId);
}

/** A raw binary for dfu-util. Throws E1102 if the firmware does not begin where the chip does. */
export function dfuFile(firmware: Firmware): Uint8Array {
  const { address, bytes } = binaryOf(firmware.pieces);
  if (address === dfuAddress) return bytes;
  throw new EngramError('E1102', `the firmware begins at 0x${address.toString(16)}`, {
    facts: [['chip', `0x${dfuAddress.toString(16).padStart(8, '0')}`]],
    fix: ['name a firmware for this target'],
    context: { address, wanted: dfuAddress },
  });
}
