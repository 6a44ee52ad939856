const minute = 60 * 1000

/** Every number of approval requests, defined once. Times are in milliseconds. Pages and checks all read them here. */
export const approvalPolicy = {
  /** How long a request waits for its answer. */
  lifetime: 3 * minute,
  /** How often the window looks for the answer to an open request. */
  windowPollInterval: 1000,
  /** How often the page of an approval device looks for a request; a push makes it look at once. */
  devicePollInterval: 5000,
  /** Digits of the number that the window shows and the cardholder types on the device. */
  numberDigits: 2,
  /** How far the time in an inquiry of the issuer's app may differ from ours. */
  inquiryLife: 5 * minute,
} as const
