/** What is odd about lines of JSON alone: the faults of both protocols are in `test/unit/clients`. */
import { cut, testFaults, text, type Fault } from '../../support/faultRun.ts';
import { chunked, lastLine, line } from '../../support/faults.ts';
import { twoPieces, wires } from '../../support/wires.ts';

const [ollama] = wires;
const two = twoPieces(ollama!);

const faults: readonly Fault[] = [
  {
    name: 'a byte-order mark in the middle',
    bytes: chunked(two, `\ufeff${line('three')}\n`),
    ...cut,
    text: 'one twothree',
  },
  {
    name: 'two objects in one line',
    bytes: chunked(`${line('one ')}${line('{"two"}')}\n${lastLine()}\n`),
    ...text('one {"two"}'),
  },
  {
    name: 'everything in one line',
    bytes: chunked(line('one ') + line('two') + lastLine()),
    ...text('one two'),
  },
  {
    name: 'CRLF, blank lines, spaces',
    bytes: chunked(`\r\n${line('one ')}\r\n\r\n   \n${line('two')}  \r\n\n${lastLine()}\r\n`),
    ...text('one two'),
  },
  { name: 'missing fields', bytes: chunked('{"response":"one"}\n{"done":true}\n'), ...text('one') },
];

testFaults(ollama!, 'lines', faults);
