import type { FlashEvent } from '../flash/flash-event.js';
import type { Console, Progress } from './console.js';

/** Says on a console what flashing is at. */
export function flashListener(console: Console): { onEvent(event: FlashEvent): void; end(): void } {
  let bar: { label: string; progress: Progress } | null = null;
  const end = (note = 'stopped') => {
    bar?.progress.end(note);
    bar = null;
  };
  const update = (label: string, done: number) => {
    if (bar?.label !== label) {
      end();
      bar = { label, progress: console.progress(label) };
    }
    bar.progress.update(done);
    if (done >= 1) end('done');
  };
  const onEvent = (event: FlashEvent) => {
    if (event.step === 'write') return update(writeLabels[event.method], event.done);
    if (event.step === 'upload') return update('upload image', event.done);
    end();
    console.say(sentence(event));
  };
  return { onEvent, end };
}

const writeLabels = { drive: 'copy to drive', picoboot: 'write and verify flash' };

function sentence(event: Exclude<FlashEvent, { step: 'write' | 'upload' }>): string {
  switch (event.step) {
    case 'found':
      return `${event.port}: ${event.firmware}${event.current ? '' : ', another firmware than the one to be flashed'}`;
    case 'silent':
      return `${event.port}: ${event.reason}; flashing its firmware first`;
    case 'bootloader':
      return event.how === 'request'
        ? 'asking the board into its bootloader'
        : `asking the board into its bootloader by opening ${event.port} at 1200 baud`;
    case 'fallback':
      return `${event.reason}; copying onto its drive instead`;
    case 'return':
      return 'waiting for the board to start';
    case 'back':
      return `${event.port}: ${event.firmware}`;
    case 'verified':
      return `board and emulator agree: image ${hex(event.imageHash)}, state ${hex(event.stateHash)}`;
    case 'saved':
      return 'saved: the board starts from this image at power-up';
  }
}

function hex(hash: number): string {
  return hash.toString(16).padStart(8, '0');
}
