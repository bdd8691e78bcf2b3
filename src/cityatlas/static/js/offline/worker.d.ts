// What the worker uses of a service worker's own world: TypeScript knows it or that of pages, not both in one program.

export interface FetchEvent extends Event {
  request: Request;
  preloadResponse: Promise<Response | undefined>;
  respondWith(answer: Promise<Response>): void;
  waitUntil(work: Promise<unknown>): void;
}

export interface Worker {
  addEventListener(kind: "install" | "activate" | "fetch", hear: (event: FetchEvent) => void): void;
  skipWaiting(): Promise<void>;
  clients: { claim(): Promise<void> };
  registration: ServiceWorkerRegistration;
}
