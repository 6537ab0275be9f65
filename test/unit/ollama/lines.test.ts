/** Faults of JSON lines only; the faults of both protocols are in `test/unit/clients`. */
import { garbled, testFaults, text, type Fault } from '../../support/faultRun.ts';
import { chunked, lastLine, line } from '../../support/faults.ts';
import { twoPieces, wires } from '../../support/wires.ts';

const [ollama] = wires;
const two = twoPieces(ollama!);

const faults: readonly Fault[] = [
  { name: 'a byte-order mark', bytes: chunked(`\ufeff${two}`, `${lastLine()}\n`), ...garbled },
  {
    name: 'a byte-order mark in the middle',
    bytes: chunked(two, `\ufeff${line('three')}\n`),
    ...garbled,
    text: 'one two',
  },
  {
    name: 'two objects in one line',
    bytes: chunked(two, `${line('three')}${line('four')}\n${lastLine()}\n`),
    ...garbled,
    text: 'one two',
  },
  {
    name: 'CRLF, blank lines, spaces',
    bytes: chunked(`\r\n${line('one ')}\r\n\r\n   \n${line('two')}  \r\n\n${lastLine()}\r\n`),
    ...text('one two'),
  },
  { name: 'missing fields', bytes: chunked('{"response":"one"}\n{"done":true}\n'), ...text('one') },
];

testFaults(ollama!, 'lines', faults);
