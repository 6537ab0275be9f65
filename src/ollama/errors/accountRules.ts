import { OllamaError } from '../../http/errors.ts';
import { localizable } from '../../http/message.ts';
import { cleanServerText } from '../../http/serverText.ts';
import type { FailedResponse } from '../../http/transport.ts';
import { brief, type Rule } from '../../http/client/rule.ts';
import { ollamaPage, pageIn, signInAddress } from './serverWords.ts';

/** A limit of an account that does not pass within seconds. */
const quota =
  /\b(?:hourly|daily|weekly|monthly|session|usage|spending)\b[^.]{0,20}\b(?:limit|quota|cap)\b|quota[^.]{0,30}(?:exceeded|reached|exhausted)|(?:exceeded|reached|exhausted|insufficient|out of)[^.]{0,40}\b(?:quota|credits?|balance|funds)\b|upgrade for higher/i;
const subscription =
  /requires? (?:an? )?(?:\w+ ){0,3}(?:subscription|plan)\b|upgrade for access|subscription (?:is )?required/i;
const cloudDisabled =
  /\bcloud (?:models? |features? )?(?:is|are|has been|have been) (?:currently )?(?:disabled|switched off|turned off)/i;
/** Go's error text for a request of the server itself that failed. */
const notPassedOn = /^(?:Get|Post) "https?:\/\/([^/"\s]+)/i;

const mayBeAccount = ({ status }: FailedResponse): boolean =>
  status === undefined || [400, 401, 402, 403, 429].includes(status);

/**
 * Why ollama.com refuses a request for one of its models. None of these errors means "busy" or a wrong host:
 * the server's sentence says what to do, and a retry does not help.
 */
export const accountRules: readonly Rule[] = [
  {
    when: (a) => (a.status === 401 || a.status === 403) && signInAddress(a) !== undefined,
    kind: 'signIn',
    make: (a, _, details) => {
      const address = signInAddress(a);
      const link = ollamaPage(address);
      return link
        ? new OllamaError(
            localizable(
              'The model "{0}" runs on ollama.com, where you must be signed in: sign in, or choose another model.',
              a.model,
            ),
            { ...details, link },
          )
        : new OllamaError(
            localizable(
              'The server at {0} wants you to sign in at {1}, which is not a page of ollama.com: open it yourself if you trust it, or choose another model.',
              a.origin,
              cleanServerText(address ?? ''),
            ),
            details,
          );
    },
  },
  {
    when: (a, text) => mayBeAccount(a) && quota.test(text),
    kind: 'quota',
    make: (_, text, details) =>
      new OllamaError(
        localizable(
          'A usage limit is reached ({0}): wait until it is over, or choose a model that runs on your machine.',
          brief(text, 300),
        ),
        { ...details, link: pageIn(text) },
      ),
  },
  {
    when: (a, text) => a.status === 402 || (mayBeAccount(a) && subscription.test(text)),
    kind: 'subscription',
    make: (a, text, details) =>
      new OllamaError(
        localizable(
          'The model "{0}" is not open to your account ({1}): choose another model, or change the subscription.',
          a.model,
          brief(text, 300),
        ),
        { ...details, link: pageIn(text) },
      ),
  },
  {
    when: (a, text) => mayBeAccount(a) && cloudDisabled.test(text),
    kind: 'cloudDisabled',
    make: (a, text, details) =>
      new OllamaError(
        localizable(
          'The server at {0} does not pass anything on to the cloud ({1}): choose a model that runs on the server itself.',
          a.origin,
          brief(text, 300),
        ),
        details,
      ),
  },
  {
    when: (a, text) => a.status === 502 && a.path !== '/api/pull' && notPassedOn.test(text),
    kind: 'cloudOffline',
    make: (a, text, details) =>
      new OllamaError(
        localizable(
          'The model "{0}" runs on {1}, which the server at {2} cannot reach: check its network, or choose a model that runs on the server itself.',
          a.model,
          cleanServerText(notPassedOn.exec(text)?.[1] ?? ''),
          a.origin,
        ),
        details,
      ),
  },
];
