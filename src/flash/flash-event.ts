import type { FlashMethod } from './bootloader.js';

/** What flashing is at, for whoever shows it. */
export type FlashEvent =
  /** A board answers. `current`: it runs the firmware that would be flashed. */
  | { readonly step: 'found'; readonly port: string; readonly firmware: string; readonly current: boolean }
  /** The port is there, and nothing that speaks this protocol behind it. */
  | { readonly step: 'silent'; readonly port: string; readonly reason: string }
  /** The board is asked into its bootloader: by the protocol, or by opening the port at 1200 baud. */
  | { readonly step: 'bootloader'; readonly how: 'request' | 'touch'; readonly port: string }
  /** Firmware, or firmware and image, go into flash; 0 … 1. */
  | { readonly step: 'write'; readonly method: FlashMethod; readonly name: string; readonly done: number }
  /** One way in is not permitted; the other is tried. */
  | { readonly step: 'fallback'; readonly reason: string }
  | { readonly step: 'return' }
  | { readonly step: 'back'; readonly port: string; readonly firmware: string }
  /** The image goes over the protocol; 0 … 1. */
  | { readonly step: 'upload'; readonly done: number }
  /** Board and emulator agree on image and initial state. */
  | { readonly step: 'verified'; readonly imageHash: number; readonly stateHash: number }
  | { readonly step: 'saved' };

export type OnFlashEvent = (event: FlashEvent) => void;
