/** Answers as they came, compressed, until the slice they belong to is committed; those of a slice that failed are dropped (spec SY5). */
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { Spool, type Page } from '@freshet/connectors';
import { storeRawPage, type PagesOf, type Sql } from '@freshet/persistence';

const zip = promisify(gzip);
const unzip = promisify(gunzip);

/** Compressed bytes kept in memory. */
const memory = 4 * 1024 * 1024;

export class PageArchive {
  private number = 0;
  private pages: Buffer[] = [];
  private held = 0;
  private file: Spool | null = null;
  private lengths: number[] = [];

  constructor(readonly isOn: boolean) {}

  async keep({ body }: Page): Promise<void> {
    if (!this.isOn) return;
    const bytes = await zip(JSON.stringify(body));
    this.held += bytes.length;
    if (!this.file && this.held <= memory) return void this.pages.push(bytes);
    this.file ??= await Spool.open();
    for (const page of [...this.pages, bytes]) {
      this.lengths.push(page.length);
      await this.file.append(page);
    }
    this.pages = [];
  }

  /** In the transaction that commits the slice. */
  async store(sql: Sql, of: PagesOf): Promise<void> {
    if (!this.isOn) return;
    let number = this.number;
    for await (const body of this.kept()) await storeRawPage(sql, of, { number: number++, body });
  }

  /** After the commit: the pages that follow belong to the next part of the same slice. */
  async stored(): Promise<void> {
    this.number += this.pages.length + this.lengths.length;
    await this.drop();
  }

  /** Before a slice is read, for the first time or again. */
  async begin(): Promise<void> {
    this.number = 0;
    await this.drop();
  }

  async drop(): Promise<void> {
    await this.file?.close();
    Object.assign(this, { file: null, pages: [], lengths: [], held: 0 });
  }

  private async *kept(): AsyncGenerator<Buffer> {
    yield* this.pages;
    let start = 0;
    for (const length of this.lengths) {
      if (this.file) yield await this.file.read(start, length);
      start += length;
    }
  }
}

export const openRawPage = async (body: Buffer): Promise<Page> => ({
  body: JSON.parse((await unzip(body)).toString()) as unknown,
});
