/** Controls that a text may have: tab, line feed, form feed, carriage return. All others steer terminals. */
const controls = /(?![\t\n\f\r])\p{Cc}/gu;

/** Where Unicode has its pictures of the controls 0x00 to 0x1f; the one of 0x7f stands behind them. */
const pictures = 0x2400;
const pictureOfDelete = '\u2421';

/**
 * Shows controls instead of having them work: an answer that is copied into a terminal, or printed by one, must not
 * steer it. Character by character, so that it does not matter how a text is cut into pieces.
 */
export function escapeControlChars(text: string): string {
  return text.replaceAll(controls, (control) => {
    const code = control.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(pictures + code) : code === 0x7f ? pictureOfDelete : '\ufffd';
  });
}
