export class ResealedSecretsDto {
  /** What they are. @example 'signing keys' */
  name: string;
  /** So many were encrypted with another key than the first, and are with the first now. */
  resealed: number;
  /** So many were encrypted with a key that is not configured, and are as they were. */
  unreadable: number;
}

export class ResealReportDto {
  data: ResealedSecretsDto[];
}
