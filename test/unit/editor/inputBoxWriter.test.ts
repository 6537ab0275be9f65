import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { InputBoxWriter } from '../../../src/editor/inputBoxWriter.ts';

describe('the box of the Source Control view', () => {
  test('keeps the typed text until there is a message, and restores it', () => {
    const box = { value: 'mine' };
    const writer = new InputBoxWriter(box);
    assert.equal(writer.show(''), true);
    assert.equal(box.value, 'mine');
    writer.show('Add');
    writer.show('Add a basket');
    assert.equal(box.value, 'Add a basket');
    writer.restore();
    assert.equal(box.value, 'mine');
  });

  test('may report late: an older message of ours does not count as typed', () => {
    const box = { value: '' };
    const writer = new InputBoxWriter(box);
    writer.show('Add');
    writer.show('Add a');
    box.value = 'Add';
    assert.equal(writer.show('Add a basket'), true);
    assert.equal(box.value, 'Add a basket');
  });

  test('is not changed any more after the user types in it', () => {
    const box = { value: '' };
    const writer = new InputBoxWriter(box);
    writer.show('Add');
    box.value = 'Add my own words';
    assert.equal(writer.show('Add a basket'), false);
    assert.equal(box.value, 'Add my own words');
    writer.addBelow('Add a basket');
    assert.equal(box.value, 'Add my own words\n\nAdd a basket');
  });

  test('restores the earlier text above newly typed text', () => {
    const box = { value: 'mine' };
    const writer = new InputBoxWriter(box);
    writer.show('Add a basket');
    box.value += ' quickly';
    writer.restore();
    assert.equal(box.value, 'mine\n\nAdd a basket quickly');
  });
});
