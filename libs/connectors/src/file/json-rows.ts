/** JSON: a list of objects, at the top of the file or at a path, streamed so that its size does not matter. */
import { Assembler } from 'stream-json/assembler.js';
import { jsonParser, type Token } from 'stream-json/parser.js';
import { getManyValues, isMany, none } from 'stream-chain/defs.js';
import { unreadable } from '../kit/unreadable';
import { elementRows, saveExactly } from './json-value';
import type { RowCollector, RowParser } from './row-collector';
import { decoderOf } from './text-encoding';

class ExactAssembler extends Assembler {
  override numberValue(text: string): void {
    saveExactly(this, text);
  }
}

const deepest = 200;

/** Finds the wanted list in a stream of tokens and hands over its elements. */
class ListFinder {
  found = false;
  /** Paths of other lists met on the way, for the message when the wanted one is not there. */
  readonly otherLists: string[] = [];
  private isInside = false;
  /** The key at which each open container stands now; `[]` in lists. */
  private readonly path: string[] = [];
  private readonly assembler = new ExactAssembler();

  constructor(
    private readonly wanted: string,
    private readonly onElement: (element: unknown) => void,
  ) {}

  consume(token: Token): void {
    if (!this.isInside) {
      this.walk(token);
    } else if (token.name === 'endArray' && this.assembler.done) {
      this.isInside = false;
    } else {
      this.assembler.consume(token);
      if (this.assembler.depth > deepest)
        throw unreadable('The JSON is nested too deeply.', 'Flatten the data.');
      if (this.assembler.done) this.onElement(this.assembler.current);
    }
  }

  private walk(token: Token): void {
    switch (token.name) {
      case 'keyValue':
        this.path[this.path.length - 1] = token.value;
        break;
      case 'startObject':
        this.path.push('');
        break;
      case 'startArray':
        this.enterList(this.path.join('.'));
        break;
      case 'endObject':
      case 'endArray':
        this.path.pop();
        break;
    }
  }

  private enterList(path: string): void {
    if (!this.found && path === this.wanted) {
      this.found = true;
      this.isInside = true;
      return;
    }
    if (this.otherLists.length < 5 && !path.includes('[]')) this.otherLists.push(path);
    this.path.push('[]');
  }
}

const notFound = (wanted: string, others: string[]): Error => {
  const lists = others.filter((path) => path !== '').join(', ');
  const what = wanted === '' ? 'The JSON is not a list.' : `The JSON has no list at ${wanted}.`;
  return unreadable(
    what,
    lists === '' ? 'Give the address of a list of objects.' : `Set jsonPath to one of: ${lists}.`,
  );
};

export interface JsonOptions {
  /** `data.items`, or empty for a list at the top. */
  path: string;
  encoding: string;
}

export const jsonRows = (options: JsonOptions, collector: RowCollector): RowParser => {
  const decoder = decoderOf(options.encoding);
  const toRow = elementRows(collector);
  let element = 0;
  const finder = new ListFinder(options.path, (value) => toRow(++element, value));
  // Its own type leaves out that `none` flushes it.
  const parse = jsonParser({ streamValues: false }) as unknown as (text: string | typeof none) => unknown;

  const consume = (text: string | typeof none): void => {
    let output: unknown;
    try {
      output = parse(text);
    } catch (error) {
      throw unreadable('The file is not valid JSON.', 'Check it with a JSON tool, or set its format.', error);
    }
    if (output === none) return;
    for (const token of isMany(output) ? getManyValues(output) : [output]) finder.consume(token as Token);
  };

  return {
    write: async (chunk) => consume(decoder.write(chunk)),
    end: async () => {
      consume(decoder.end());
      consume(none);
      if (!finder.found) throw notFound(options.path, finder.otherLists);
    },
  };
};
