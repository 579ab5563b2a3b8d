/** The far side of the wire for specs: the socket a spec speaks through, and the providers of a client without a network. */
import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { ApplicationRef, Injectable, inject, provideEnvironmentInitializer } from '@angular/core';
import type { EnvironmentProviders, Provider } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { MATERIAL_ANIMATIONS } from '@angular/material/core';
import { provideRouter, withComponentInputBinding, withRouterConfig } from '@angular/router';
import type { Routes } from '@angular/router';
import type { ProjectEvent, SocketEventName, SocketEventPayload } from '@freshet/contracts';
import { LiveSocket } from '../app/live/live-socket';
import type { SocketListener } from '../app/live/live-socket';
import { signInWhenUnauthenticated } from '../app/session/sign-in-when-unauthenticated';
import { Icons } from '../app/theme/icons';

@Injectable()
export class FakeSocket {
  listener: SocketListener | null = null;
  subscribed: string[] = [];
  seq = 10;
  /** When what is sent next happened. */
  at = '2026-11-21T14:00:00Z';

  open(listener: SocketListener): void {
    this.listener = listener;
  }

  subscribe(projectId: string): Promise<{ seq: number | null } | null> {
    this.subscribed.push(projectId);
    return Promise.resolve({ seq: this.seq });
  }

  unsubscribe(projectId: string): void {
    this.subscribed = this.subscribed.filter((id) => id !== projectId);
  }

  watched: string[] = [];
  watch(dashboardId: string, open: boolean): void {
    this.watched.push(`${open ? '+' : '-'}${dashboardId}`);
  }

  close(): void {
    this.listener = null;
  }

  /** An event as the gateway sends it, with the next seq unless one is given. */
  send<N extends SocketEventName>(
    name: N,
    payload: SocketEventPayload<N>,
    seq: number | null = ++this.seq,
  ): ProjectEvent<N> {
    const event: ProjectEvent<N> = { name, projectId: 'p1', seq, payload, at: this.at };
    this.listener?.received(name, event);
    return event;
  }
}

export const clientWithoutNetwork = (routes: Routes = []): (Provider | EnvironmentProviders)[] => [
  provideRouter(
    routes,
    withComponentInputBinding(),
    withRouterConfig({ paramsInheritanceStrategy: 'always' }),
  ),
  provideHttpClient(withInterceptors([signInWhenUnauthenticated])),
  provideHttpClientTesting(),
  provideEnvironmentInitializer(() => inject(Icons).register()),
  FakeSocket,
  { provide: MATERIAL_ANIMATIONS, useValue: { animationsDisabled: true } },
  { provide: LiveSocket, useExisting: FakeSocket },
];

/** Lets effects, promises and the requests that follow from them happen. */
export const settle = async (): Promise<void> => {
  for (let round = 0; round < 4; round++) {
    TestBed.tick();
    await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve));
  }
  TestBed.inject(ApplicationRef).tick();
};

/** Answers the one open request to this URL (without its query). */
export const answer = async (
  url: string,
  body: object | null,
  options: { status?: number; method?: string } = {},
): Promise<void> => {
  const { status = 200, method } = options;
  const request = TestBed.inject(HttpTestingController).expectOne(
    (r) => r.url === url && (method === undefined || r.method === method),
  );
  request.flush(body, { status, statusText: String(status) });
  await settle();
};

export const problemBody = (status: number, code: string, detail: string, more: object = {}): object => ({
  type: 'about:blank',
  title: detail,
  status,
  detail,
  instance: '/',
  code,
  ...more,
});
