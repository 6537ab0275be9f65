/** Speed and remaining time, computed from bytes and times. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { TransferRate } from '../../../src/models/transferRate.ts';

describe('the speed of a transfer', () => {
  test('is not guessed from less than a second', () => {
    const rate = new TransferRate();
    assert.equal(rate.bytesPerSecond, undefined);
    rate.add(0, 0);
    rate.add(5e6, 999);
    assert.equal(rate.bytesPerSecond, undefined);
    rate.add(6e6, 1000);
    assert.equal(rate.bytesPerSecond, 6e6);
  });

  test('is that of the last seconds, and nothing when nothing comes', () => {
    const rate = new TransferRate();
    for (let second = 0; second <= 60; second++) rate.add(second * 1e6, second * 1000);
    assert.equal(rate.bytesPerSecond, 1e6);
    for (let second = 61; second <= 70; second++) rate.add((60 + (second - 60) * 4) * 1e6, second * 1000);
    assert.equal(rate.bytesPerSecond, 4e6);
    for (let second = 71; second <= 80; second++) rate.add(100e6, second * 1000);
    assert.equal(rate.bytesPerSecond, 0);
  });

  test('starts again when the server discards bytes', () => {
    const rate = new TransferRate();
    rate.add(0, 0);
    rate.add(9e6, 3000);
    rate.add(2e6, 4000);
    assert.equal(rate.bytesPerSecond, undefined);
    rate.add(4e6, 6000);
    assert.equal(rate.bytesPerSecond, 1e6);
  });

  test('is never negative, nor more than arrived at once', () => {
    const steps = fc.array(fc.record({ ms: fc.integer({ min: 1, max: 5000 }), bytes: fc.nat(1e9) }));
    fc.assert(
      fc.property(steps, (all) => {
        const rate = new TransferRate();
        let [at, bytes, fastest] = [0, 0, 0];
        rate.add(0, 0);
        for (const step of all) {
          at += step.ms;
          bytes += step.bytes;
          fastest = Math.max(fastest, (step.bytes / step.ms) * 1000);
          rate.add(bytes, at);
          const speed = rate.bytesPerSecond;
          assert.ok(speed === undefined || (speed >= 0 && speed <= fastest * (1 + 1e-9)));
        }
      }),
    );
  });
});
