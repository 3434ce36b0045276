import type { Problem } from '../errors.js';
import { isJsonObject } from '../json-object.js';
import { lazySchema, type SchemaValidator } from '../json-schema.js';
import { isText } from '../text.js';
import { CAEP_EVENTS } from './caep-events.js';
import { LANGUAGE_TAG, textClaim, type InitiatingEntity, type LanguageMap } from './event-claims.js';
import type { EventDefinition } from './event-definition.js';
import { CAEP, eventFamily, RISC } from './event-uris.js';
import { RISC_EVENTS } from './risc-events.js';
import { signalType, type SignalTypeDefinition } from './signal-type-definition.js';

const ACR = textClaim('The authentication context class');
const AMR = { type: 'array', items: { type: 'string' }, description: 'The authentication methods' };
const SESSION_CLAIMS = { acr: 'acr', amr: 'amr', userAgentFingerprint: 'fp_ua', externalId: 'ext_id' };

const OPT_OUT_DETAILS = {
  clientId: textClaim('The client that the choice is about, as the identity provider knows it; default: all'),
};

const CREDENTIAL_CLAIMS = {
  credentialType: 'credential_type',
  changeType: 'change_type',
  friendlyName: 'friendly_name',
  fido2Aaguid: 'fido2_aaguid',
  x509Issuer: 'x509_issuer',
  x509Serial: 'x509_serial',
};

const TYPES = {
  logout: signalType(builtIn(CAEP.sessionRevoked), {
    title: 'Logout',
    description: 'The user signed out.',
    defaultInitiatingEntity: 'user',
    defaultReason: 'The user signed out.',
  }),
  'session.revoked': signalType(builtIn(CAEP.sessionRevoked), {
    title: 'Session revoked',
    description: 'A session, or all sessions of a user, ended otherwise than by signing out.',
    defaultReason: 'The session was revoked.',
  }),
  'session.established': signalType(builtIn(CAEP.sessionEstablished), {
    title: 'Session established',
    description: 'A user signed in.',
    claims: SESSION_CLAIMS,
    otherDetails: {
      clientId: textClaim('The client that the session is for, as the identity provider knows it'),
    },
  }),
  'session.presented': signalType(builtIn(CAEP.sessionPresented), {
    title: 'Session presented',
    description: 'A session was seen in use.',
    claims: SESSION_CLAIMS,
    otherDetails: { acr: ACR, amr: AMR },
  }),
  'password.changed': credentialSignal('Password changed', 'The password was changed.', 'password', 'update'),
  'mfa.added': credentialSignal('Second factor added', 'A second factor was added.', 'app', 'create'),
  'mfa.removed': credentialSignal('Second factor removed', 'A second factor was removed.', 'app', 'delete'),
  'mfa.updated': credentialSignal('Second factor updated', 'A second factor was updated.', 'app', 'update'),
  'credential.compromised': signalType(builtIn(RISC.credentialCompromise), {
    title: 'Credential compromised',
    description: 'A credential is known to be in the wrong hands.',
    claims: { credentialType: 'credential_type' },
  }),
  'token-claims.changed': signalType(builtIn(CAEP.tokenClaimsChange), {
    title: 'Token claims changed',
    description: 'Claims that tokens were issued with have new values.',
    claims: { claims: 'claims' },
  }),
  'assurance-level.changed': signalType(builtIn(CAEP.assuranceLevelChange), {
    title: 'Assurance level changed',
    description: 'The assurance level of the authentication or of the identity changed.',
    claims: {
      namespace: 'namespace',
      currentLevel: 'current_level',
      previousLevel: 'previous_level',
      changeDirection: 'change_direction',
    },
  }),
  'device.compliance-changed': signalType(builtIn(CAEP.deviceComplianceChange), {
    title: 'Device compliance changed',
    description: 'A device started or ceased to comply with policy.',
    claims: { previousStatus: 'previous_status', currentStatus: 'current_status' },
  }),
  'risk-level.changed': signalType(builtIn(CAEP.riskLevelChange), {
    title: 'Risk level changed',
    description: 'The risk of a user, a device, a session or another principal changed.',
    claims: {
      principal: 'principal',
      currentLevel: 'current_level',
      previousLevel: 'previous_level',
      riskReason: 'risk_reason',
    },
  }),
  'account.disabled': signalType(builtIn(RISC.accountDisabled), {
    title: 'Account disabled',
    description: 'The account was disabled.',
    claims: { reason: 'reason' },
  }),
  'account.enabled': signalType(builtIn(RISC.accountEnabled), {
    title: 'Account enabled',
    description: 'The account was enabled.',
  }),
  'account.purged': signalType(builtIn(RISC.accountPurged), {
    title: 'Account purged',
    description: 'The account was deleted for good.',
  }),
  'account.credential-change-required': signalType(builtIn(RISC.accountCredentialChangeRequired), {
    title: 'Credential change required',
    description: 'The user must change a credential.',
  }),
  'identifier.changed': signalType(builtIn(RISC.identifierChanged), {
    title: 'Identifier changed',
    description: 'An e-mail address or phone number of the user was replaced by another one.',
    claims: { newValue: 'new-value' },
    otherDetails: {
      oldValue: textClaim('The e-mail address or phone number until now; default: the one of the subject'),
    },
  }),
  'identifier.recycled': signalType(builtIn(RISC.identifierRecycled), {
    title: 'Identifier recycled',
    description: 'The e-mail address or phone number belongs to another user now.',
  }),
  'recovery.activated': signalType(builtIn(RISC.recoveryActivated), {
    title: 'Recovery activated',
    description: 'The user started to recover the account.',
  }),
  'recovery.information-changed': signalType(builtIn(RISC.recoveryInformationChanged), {
    title: 'Recovery information changed',
    description: 'The means to recover the account changed.',
  }),
  'opt-in': signalType(builtIn(RISC.optIn), {
    title: 'Opted in',
    description: 'The user takes part in the exchange of events.',
    otherDetails: OPT_OUT_DETAILS,
  }),
  'opt-out.initiated': signalType(builtIn(RISC.optOutInitiated), {
    title: 'Opt-out initiated',
    description: 'The user asked to leave the exchange of events; until that takes effect they go on.',
    otherDetails: OPT_OUT_DETAILS,
  }),
  'opt-out.cancelled': signalType(builtIn(RISC.optOutCancelled), {
    title: 'Opt-out cancelled',
    description: 'The user withdrew the request to leave.',
    otherDetails: OPT_OUT_DETAILS,
  }),
  'opt-out.effective': signalType(builtIn(RISC.optOutEffective), {
    title: 'Opt-out effective',
    description: 'The user has left the exchange of events: none about the user is sent until `opt-in`.',
    otherDetails: OPT_OUT_DETAILS,
  }),
  event: {
    title: 'Event',
    description: 'Any registered event type, with its payload.',
    claims: {},
    defaults: {},
    detailsSchema: {
      type: 'object',
      properties: {
        eventType: textClaim('The URI of the event type'),
        payload: { type: 'object', description: 'The payload, checked against the schema of the event type' },
      },
      required: ['eventType'],
      additionalProperties: false,
    },
  },
} satisfies Record<string, SignalTypeDefinition>;

export type SignalType = keyof typeof TYPES;

/** Every type of signal, with its details and the event that it becomes. */
export const SIGNAL_TYPES: Readonly<Record<SignalType, SignalTypeDefinition>> = TYPES;

const DETAILS_VALIDATORS = new Map<string, SchemaValidator>(
  Object.entries(SIGNAL_TYPES).map(([type, { detailsSchema }]) => [type, lazySchema(detailsSchema)]),
);

const validateLanguageMap = lazySchema({
  type: 'object',
  minProperties: 1,
  propertyNames: { pattern: LANGUAGE_TAG },
  additionalProperties: { type: 'string', minLength: 1 },
});

/** The texts that session-revoked and credential-change fall back to, as the signal type `event` has none. */
export const DEFAULT_REASONS: Readonly<Record<string, string>> = {
  [CAEP.sessionRevoked]: 'The session was revoked.',
  [CAEP.credentialChange]: 'A credential was changed.',
};

/** What of a signal makes its event. */
export interface MappableSignal {
  readonly type: SignalType;
  readonly occurredAt: Date;
  readonly initiatingEntity?: InitiatingEntity;
  readonly reasonAdmin?: LanguageMap;
  readonly reasonUser?: LanguageMap;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface MappedEvent {
  readonly eventType: string;
  readonly payload: Record<string, unknown>;
}

/**
 * What is wrong with the details of a signal; unknown members are, too. The payload of the type `event` is for the
 * event catalogue to check.
 *
 * @param member the path that problems name; default `details`
 */
export function validateSignalDetails(type: SignalType, details: unknown, member = 'details'): Problem[] {
  const value = details ?? {};
  const problems = DETAILS_VALIDATORS.get(type)?.(value, member) ?? [];
  if (problems.length > 0 || type !== 'event' || !isJsonObject(value)) return problems;
  return eventFamily(String(value.eventType)) === 'ssf'
    ? [
        {
          member: `${member}.eventType`,
          message: 'is an event about the stream, which only the transmitter sends',
        },
      ]
    : [];
}

/**
 * What is wrong with a reason: it must be an object of at least one BCP 47 language tag -> non-empty text.
 *
 * @param member the path that problems name, such as `reasonAdmin`
 */
export function validateReason(value: unknown, member: string): Problem[] {
  const problems = validateLanguageMap(value, member);
  if (problems.length > 0 || !isJsonObject(value)) return problems;
  return Object.entries(value).flatMap(([tag, text]) =>
    isText(text) ? [] : [{ member: `${member}.${tag}`, message: 'must be text' }],
  );
}

/** The event type that a signal becomes, unless the provider's mapping says otherwise. */
export function signalEventType({ type, details }: Pick<MappableSignal, 'type' | 'details'>): string {
  // undefined: a type of another release
  const known: SignalTypeDefinition | undefined = SIGNAL_TYPES[type];
  return known?.eventType ?? String(details?.eventType);
}

/**
 * The event that a signal becomes, unless the provider's mapping says otherwise. The payload has what the specification of the event allows: CAEP events the
 * common claims of CAEP 1.0 section 2, RISC events nothing but their own. A payload that the signal brings along
 * keeps its members as they are; only absent common claims are added.
 */
export function mapSignal(signal: MappableSignal): MappedEvent {
  const { claims, defaults } = SIGNAL_TYPES[signal.type];
  const { details = {} } = signal;
  const eventType = signalEventType(signal);
  if (signal.type === 'event') {
    const payload = isJsonObject(details.payload) ? details.payload : {};
    return { eventType, payload: { ...commonClaims(eventType, signal), ...payload } };
  }
  const own = Object.entries(claims).flatMap(([detail, claim]) =>
    details[detail] === undefined ? [] : [[claim, details[detail]] as const],
  );
  return {
    eventType,
    payload: { ...commonClaims(eventType, signal), ...defaults, ...Object.fromEntries(own) },
  };
}

// CAEP 1.0 section 2; RISC 1.0 section 2.7 has the same claims, but for the initiating entity.
function commonClaims(eventType: string, signal: MappableSignal): Record<string, unknown> {
  const isCaep = eventFamily(eventType) === 'caep';
  if (!isCaep && eventType !== RISC.credentialCompromise) return {};
  const { defaultInitiatingEntity, defaultReason = DEFAULT_REASONS[eventType] } = SIGNAL_TYPES[signal.type];
  const initiatingEntity = signal.initiatingEntity ?? defaultInitiatingEntity;
  const reasonAdmin = signal.reasonAdmin ?? (defaultReason === undefined ? undefined : { en: defaultReason });
  return {
    event_timestamp: Math.floor(signal.occurredAt.getTime() / 1000),
    ...(isCaep && initiatingEntity && { initiating_entity: initiatingEntity }),
    ...(reasonAdmin && { reason_admin: reasonAdmin }),
    ...(signal.reasonUser && { reason_user: signal.reasonUser }),
  };
}

function credentialSignal(
  title: string,
  description: string,
  credentialType: string,
  changeType: string,
): SignalTypeDefinition {
  return signalType(builtIn(CAEP.credentialChange), {
    title,
    description,
    claims: CREDENTIAL_CLAIMS,
    defaults: { credential_type: credentialType, change_type: changeType },
    defaultReason: description,
  });
}

function builtIn(uri: string): EventDefinition {
  const definition = [...CAEP_EVENTS, ...RISC_EVENTS].find((event) => event.uri === uri);
  if (!definition) throw new TypeError(`no built-in event type ${uri}`);
  return definition;
}
