import type { RequestMatch } from './gates.ts';
import type { RecordedRequest } from './record.ts';

interface Waiter {
  match: RequestMatch;
  resolve: (request: RecordedRequest) => void;
  reject: (reason: Error) => void;
}

/** All requests, and the callers that wait for one. */
export class RequestLog {
  requests: RecordedRequest[] = [];
  readonly #fresh = new Set<RecordedRequest>();
  #waiters: Waiter[] = [];

  add(request: RecordedRequest): void {
    this.requests.push(request);
    const waiter = this.#waiters.find(({ match }) => match(request));
    if (!waiter) return void this.#fresh.add(request);
    this.#waiters = this.#waiters.filter((other) => other !== waiter);
    waiter.resolve(request);
  }

  next(match: RequestMatch = () => true): Promise<RecordedRequest> {
    for (const request of this.#fresh) {
      if (!match(request)) continue;
      this.#fresh.delete(request);
      return Promise.resolve(request);
    }
    return new Promise((resolve, reject) => this.#waiters.push({ match, resolve, reject }));
  }

  forget(): void {
    this.requests = this.requests.filter((request) => !request.ended);
    for (const request of this.#fresh) if (request.ended) this.#fresh.delete(request);
  }

  close(): void {
    for (const { reject } of this.#waiters.splice(0)) reject(new Error('the double was closed'));
  }
}
