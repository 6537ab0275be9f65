import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { InputBoxWriter } from '../../../src/editor/inputBoxWriter.ts';

describe('the box of the Source Control view', () => {
  test('keeps what was typed until there is a message, and gives it back', () => {
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

  test('may lag behind: an older message of ours is nobody’s typing', () => {
    const box = { value: '' };
    const writer = new InputBoxWriter(box);
    writer.show('Add');
    writer.show('Add a');
    box.value = 'Add';
    assert.equal(writer.show('Add a basket'), true);
    assert.equal(box.value, 'Add a basket');
  });

  test('belongs to the user from the moment they type in it', () => {
    const box = { value: '' };
    const writer = new InputBoxWriter(box);
    writer.show('Add');
    box.value = 'Add my own words';
    assert.equal(writer.show('Add a basket'), false);
    assert.equal(box.value, 'Add my own words');
    writer.addBelow('Add a basket');
    assert.equal(box.value, 'Add my own words\n\nAdd a basket');
  });

  test('restores above what was typed since, and loses nothing', () => {
    const box = { value: 'mine' };
    const writer = new InputBoxWriter(box);
    writer.show('Add a basket');
    box.value += ' quickly';
    writer.restore();
    assert.equal(box.value, 'mine\n\nAdd a basket quickly');
  });
});
