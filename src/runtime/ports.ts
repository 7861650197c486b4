import { access, constants, readdir, readFile, realpath } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** A port of this machine and, where a target claims it, the board behind it. */
export interface PortInfo {
  readonly path: string;
  readonly vendorId: string | null;
  readonly productId: string | null;
  readonly serialNumber: string | null;
  /** Target whose `target.json` lists its USB ids. */
  readonly target: string | null;
  readonly note: string | null;
  readonly access: 'ok' | 'denied' | 'unknown';
}

/** What discovery needs of a target. */
export interface KnownTarget {
  readonly name: string;
  readonly usb: readonly { readonly vendorId: string; readonly productId: string; readonly note: string }[];
}

type RawPort = Pick<PortInfo, 'path' | 'vendorId' | 'productId' | 'serialNumber'>;

/** Serial ports, boards first. Never fails: what cannot be asked is left out. */
export async function listPorts(targets: readonly KnownTarget[]): Promise<PortInfo[]> {
  const raw = await listWithSerialport().catch(() => listFromSysfs());
  const ports = await Promise.all(raw.map((port) => describe(port, targets)));
  return ports.sort(
    (a, b) => Number(b.target !== null) - Number(a.target !== null) || a.path.localeCompare(b.path),
  );
}

async function listWithSerialport(): Promise<RawPort[]> {
  const { SerialPort } = await import('serialport');
  const ports = await SerialPort.list();
  return ports.map(({ path, vendorId, productId, serialNumber }) => ({
    path,
    vendorId: vendorId?.toLowerCase() ?? null,
    productId: productId?.toLowerCase() ?? null,
    serialNumber: serialNumber ?? null,
  }));
}

/** Without udev (containers): USB serial devices from sysfs. */
async function listFromSysfs(): Promise<RawPort[]> {
  const folder = '/sys/class/tty';
  const names = await readdir(folder).catch(() => [] as string[]);
  const usb = names.filter((name) => /^tty(ACM|USB)\d+$/.test(name));
  return Promise.all(
    usb.map(async (name) => {
      const device = await realpath(join(folder, name, 'device')).catch(() => '');
      const read = (field: string) =>
        readFile(join(device, '..', field), 'utf8').then(
          (text) => text.trim().toLowerCase() || null,
          () => null,
        );
      return {
        path: join('/dev', basename(name)),
        vendorId: await read('idVendor'),
        productId: await read('idProduct'),
        serialNumber: await read('serial'),
      };
    }),
  );
}

async function describe(port: RawPort, targets: readonly KnownTarget[]): Promise<PortInfo> {
  const claims = targets.flatMap(({ name, usb }) => usb.map((id) => ({ name, ...id })));
  const claim = claims.find(
    ({ vendorId, productId }) => vendorId === `0x${port.vendorId}` && productId === `0x${port.productId}`,
  );
  const allowed = await access(port.path, constants.R_OK | constants.W_OK).then(
    () => 'ok' as const,
    () => (process.platform === 'win32' ? ('unknown' as const) : ('denied' as const)),
  );
  return { ...port, target: claim?.name ?? null, note: claim?.note ?? null, access: allowed };
}
