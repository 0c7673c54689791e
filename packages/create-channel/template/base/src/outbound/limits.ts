/** What the provider's documentation says about messages. Put its address beside each number. */

/** Characters per message. */
export const TEXT_LIMIT = 2000
/** Seven days after the customer's last message nothing may be written any more. */
export const REPLY_WINDOW_MINUTES = 7 * 24 * 60
