// Where trackers send their notifications: exempt from the bearer and Origin rules, proven by signature instead.

export const WEBHOOK_PREFIX = '/hooks/';
