/** Bytes to and from a board, whatever carries them. */
export interface Transport {
  readonly info: TransportInfo;
  /** Begins to deliver; called once, before anything is sent. `closed` comes once, with a reason unless `close` was called. */
  start(handlers: TransportHandlers): void;
  /** Resolves when more can be sent: back-pressure. */
  send(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface TransportInfo {
  readonly kind: 'in-process' | 'tcp' | 'serial' | 'usb' | 'emulated';
  /** What a person would call it: a path, an address. */
  readonly name: string;
}

export interface TransportHandlers {
  receive(bytes: Uint8Array): void;
  closed(reason: Error | null): void;
}
