/** A temporary file that nobody can find and that goes by itself, also when the process is killed. */
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export class Spool {
  private position = 0;

  private constructor(private readonly file: FileHandle) {}

  static async open(): Promise<Spool> {
    const directory = await mkdtemp(path.join(tmpdir(), 'freshet-spool-'));
    const file = await open(path.join(directory, 'spool'), 'wx+');
    // The file lives on without a name until it is closed.
    await rm(directory, { recursive: true });
    return new Spool(file);
  }

  /** Bytes written so far. */
  get size(): number {
    return this.position;
  }

  async append(bytes: Uint8Array): Promise<void> {
    for (let done = 0; done < bytes.byteLength;) {
      const { bytesWritten } = await this.file.write(bytes, done, bytes.byteLength - done, this.position);
      done += bytesWritten;
      this.position += bytesWritten;
    }
  }

  /** Up to `length` bytes from `start`; fewer at the end. */
  async read(start: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafe(Math.max(0, Math.min(length, this.position - start)));
    for (let done = 0; done < buffer.byteLength;) {
      const { bytesRead } = await this.file.read(buffer, done, buffer.byteLength - done, start + done);
      if (bytesRead === 0) return buffer.subarray(0, done);
      done += bytesRead;
    }
    return buffer;
  }

  async *chunks(bytes = 262_144): AsyncGenerator<Buffer> {
    for (let start = 0; start < this.position; start += bytes) yield await this.read(start, bytes);
  }

  async close(): Promise<void> {
    await this.file.close();
  }
}
