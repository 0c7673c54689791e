/** What signed webhook URLs of an organization are for. Part of what is signed: a URL for one is no URL for another. */
export const ticketingPurpose = "zendesk-ticketing"
export const assistPurpose = "zendesk-assist"
export const messagingPurpose = "zendesk-messaging"
