/** Lets a test end a service when a change that was asked for over HTTP is committed and its caller has no answer yet. */
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { mergeMap, type Observable } from 'rxjs';
import { failpoint } from './failpoints';

const reading = ['GET', 'HEAD', 'OPTIONS'];

@Injectable()
export class FailpointBeforeAnswer implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const answers = next.handle();
    if (context.getType() !== 'http') return answers;
    const { method } = context.switchToHttp().getRequest<{ method: string }>();
    if (reading.includes(method)) return answers;
    return answers.pipe(
      mergeMap(async (answer) => {
        await failpoint('http.before-answer');
        return answer;
      }),
    );
  }
}
