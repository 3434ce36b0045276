import { SsfError } from '../../core/errors.js';
import { readJsonBody } from '../../platform/http/json-body.js';
import { type AnyRequest, headerOf } from '../../platform/http/request-facts.js';
import { batchedCloudEvents, binaryCloudEvent, structuredCloudEvent } from '../../signals/cloud-events.js';
import { type SignalItem, signalItems } from '../../signals/signal-item.js';

/**
 * CloudEvents HTTP protocol binding 1.0 section 3: the Content-Type tells the mode, then the headers do.
 *
 * @param only the form that it must have
 */
export async function readSignalItems(
  request: AnyRequest,
  only?: 'signal' | 'cloudevents',
): Promise<SignalItem[]> {
  const type = (headerOf(request, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type.startsWith('application/cloudevents') && !type.endsWith('+json'))
    throw new SsfError('invalid_request', 'CloudEvents are taken in the JSON event format alone');
  const isBinary = Object.keys(request.headers).some((name) => name.startsWith('ce-'));
  const form = isBinary || type.startsWith('application/cloudevents') ? 'cloudevents' : 'signal';
  if (only !== undefined && form !== only)
    throw new SsfError('invalid_request', `the source sends ${only}, which this is not`);
  const body = await readJsonBody(request);
  if (type === 'application/cloudevents-batch+json') return batchedCloudEvents(body);
  if (type === 'application/cloudevents+json') return [structuredCloudEvent(body)];
  return isBinary ? [binaryCloudEvent(request.headers, body)] : signalItems(body);
}
