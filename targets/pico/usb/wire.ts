/** What a device answers to a transaction. */
export type UsbReply =
  | { readonly kind: 'ack' | 'nak' | 'stall' | 'none' }
  | { readonly kind: 'data'; readonly pid: 0 | 1; readonly bytes: Uint8Array };

/** A device, as a host sees it on the wires. */
export interface UsbFunction {
  /** Whether its pull-up says that it is there. */
  readonly attached: boolean;
  busReset(): void;
  startOfFrame(): void;
  /** Whether it acknowledges a SETUP packet. */
  setup(address: number, packet: Uint8Array): boolean;
  in(address: number, endpoint: number): UsbReply;
  out(address: number, endpoint: number, pid: 0 | 1, bytes: Uint8Array): UsbReply;
  /** Bytes an IN transaction would carry now. */
  peek(endpoint: number): number | null;
}

export const maxPacketBytes = 64;
export const frameNanos = 1e6;

/** Nanoseconds a transaction takes at full speed: 13 bytes of tokens, acknowledgement and gaps, 12 bits a microsecond. */
export function transactionNanos(bytes: number): number {
  return ((13 + bytes) * 8 * 1000) / 12;
}
