/** The numbers of `describe-number.ts` in templates: `{{ rows | count }}`, `{{ rows | counted: 'row' }}`, `{{ size | bytes }}`, `{{ 0.61 | share }}`, `{{ ms | took }}`. */
import { Pipe } from '@angular/core';
import type { PipeTransform } from '@angular/core';
import { bytes, count, counted, percent } from './describe-number';
import { duration } from './describe-time';

const none = '–';

@Pipe({ name: 'count' })
export class CountPipe implements PipeTransform {
  transform(n: number | null | undefined): string {
    return n === null || n === undefined ? none : count(n);
  }
}

@Pipe({ name: 'counted' })
export class CountedPipe implements PipeTransform {
  transform(n: number, one: string, many?: string): string {
    return counted(n, one, many);
  }
}

@Pipe({ name: 'bytes' })
export class BytesPipe implements PipeTransform {
  transform(n: number | null | undefined): string {
    return n === null || n === undefined ? none : bytes(n);
  }
}

@Pipe({ name: 'share' })
export class SharePipe implements PipeTransform {
  transform(n: number | null | undefined): string {
    return n === null || n === undefined ? none : percent(n);
  }
}

@Pipe({ name: 'took' })
export class TookPipe implements PipeTransform {
  transform(ms: number | null | undefined): string {
    return ms === null || ms === undefined ? none : duration(ms);
  }
}
